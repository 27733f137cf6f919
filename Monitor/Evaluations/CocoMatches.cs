using System.Globalization;

namespace RetrainLoop.Monitor.Evaluations;

/// <summary>All classes matched: what an evaluation and its bootstrap over images are computed from.</summary>
sealed class CocoMatches
{
    /// <summary>File name (else id) per image index.</summary>
    public required IReadOnlyList<string> Keys { get; init; }
    public int Images => Keys.Count;
    public required int Objects { get; init; }
    public required int Detections { get; init; }
    public required IReadOnlyList<CategoryMatches> Categories { get; init; }

    /// <summary>Matches detections with ground truth. Detections of classes that the ground truth does not list are left out.</summary>
    /// <exception cref="InvalidDataException">Ids repeat, or a detection names an image that the ground truth does not have.</exception>
    public static CocoMatches Compute(CocoGroundTruth groundTruth, IReadOnlyList<CocoDetection> detections)
    {
        var images = IndexOf(groundTruth.Images.Select(image => image.Id), "image");
        var categories = IndexOf(groundTruth.Categories.Select(category => (long)category.Id), "category");
        var names = groundTruth.Categories.ToDictionary(category => category.Id, category => category.Name);
        RequireKnownImages(detections, images);
        var objects = EffectiveAnnotations(groundTruth.Annotations);

        var truthCells = new Cells(objects.Count, i => CellOf(objects[i].ImageId, objects[i].CategoryId, images, categories));
        var detectionCells = new Cells(detections.Count, i => CellOf(detections[i].ImageId, detections[i].CategoryId, images, categories));
        var matched = categories.OrderBy(pair => pair.Value).AsParallel().AsOrdered().Select(pair =>
        {
            var builder = new CategoryMatchBuilder(images.Count, objects, detections);
            var (first, end) = ((long)pair.Value * images.Count, (pair.Value + 1L) * images.Count);
            truthCells.Merge(detectionCells, first, end, (cell, truth, found) => builder.Add((int)(cell - first), truth, found));
            return builder.Build((int)pair.Key, names[(int)pair.Key]);
        }).ToList();
        var keys = groundTruth.Images.OrderBy(image => images[image.Id]).Select(image => image.FileName ?? image.Id.ToString(CultureInfo.InvariantCulture));
        return new CocoMatches { Keys = [.. keys], Objects = objects.Count, Detections = detections.Count, Categories = matched };
    }

    static Dictionary<long, int> IndexOf(IEnumerable<long> ids, string what)
    {
        var sorted = ids.Order().ToList();
        for (var i = 1; i < sorted.Count; i++)
            if (sorted[i] == sorted[i - 1]) throw new InvalidDataException($"The ground truth lists {what} id {sorted[i]} more than once.");
        return sorted.Select((id, index) => (id, index)).ToDictionary(pair => pair.id, pair => pair.index);
    }

    /// <summary>Of annotations that share an id the last one stands for all, as pycocotools looks annotations up by id.</summary>
    static List<CocoAnnotation> EffectiveAnnotations(IReadOnlyList<CocoAnnotation> annotations)
    {
        var byId = new Dictionary<long, CocoAnnotation>(annotations.Count);
        foreach (var annotation in annotations) byId[annotation.Id] = annotation;
        return [.. annotations.Select(annotation => byId[annotation.Id])];
    }

    static void RequireKnownImages(IReadOnlyList<CocoDetection> detections, Dictionary<long, int> images)
    {
        foreach (var detection in detections)
            if (!images.ContainsKey(detection.ImageId))
                throw new InvalidDataException($"A detection names image_id {detection.ImageId}, which the ground truth does not have.");
    }

    static long CellOf(long image, int category, Dictionary<long, int> images, Dictionary<long, int> categories) =>
        images.TryGetValue(image, out var i) && categories.TryGetValue(category, out var c) ? (long)c * images.Count + i : -1;

    /// <summary>Entries sorted by cell (class, then image), input order kept inside a cell.</summary>
    sealed class Cells
    {
        readonly long[] keys;
        readonly int[] order;

        public Cells(int count, Func<int, long> cellOf)
        {
            keys = new long[count];
            for (var i = 0; i < count; i++) keys[i] = cellOf(i);
            order = StableOrder.Ascending(keys);
        }

        /// <summary>Visits each cell in [first, end) that either side fills.</summary>
        public void Merge(Cells other, long first, long end, CellVisitor visit)
        {
            int i = Start(first), j = other.Start(first);
            while (true)
            {
                var cell = Math.Min(i < keys.Length ? keys[i] : end, j < other.keys.Length ? other.keys[j] : end);
                if (cell >= end) return;
                visit(cell, Run(ref i, cell), other.Run(ref j, cell));
            }
        }

        int Start(long cell)
        {
            int low = 0, high = keys.Length;
            while (low < high)
            {
                var middle = (low + high) / 2;
                if (keys[middle] < cell) low = middle + 1;
                else high = middle;
            }
            return low;
        }

        ReadOnlySpan<int> Run(ref int at, long cell)
        {
            var start = at;
            while (at < keys.Length && keys[at] == cell) at++;
            return order.AsSpan(start, at - start);
        }
    }

    delegate void CellVisitor(long cell, ReadOnlySpan<int> objects, ReadOnlySpan<int> detections);
}

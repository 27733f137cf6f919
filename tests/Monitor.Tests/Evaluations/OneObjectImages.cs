using RetrainLoop.Monitor.Evaluations;

namespace RetrainLoop.Tests.Monitor.Evaluations;

/// <summary>Images with one object each, of which a model finds some.</summary>
static class OneObjectImages
{
    static readonly CocoBox Box = new(10, 10, 40, 40);

    public static CocoGroundTruth Truth(IEnumerable<int> images) => new()
    {
        Images = [.. images.Select(id => new CocoImage { Id = id, FileName = $"{id}.jpg" })], Categories = [new() { Id = 1, Name = "nut" }],
        Annotations = [.. images.Select(id => new CocoAnnotation { Id = id, ImageId = id, CategoryId = 1, Bbox = Box })],
    };

    public static List<CocoDetection> Found(IEnumerable<int> images, Func<int, bool> finds) =>
        [.. images.Where(finds).Select(id => new CocoDetection { ImageId = id, CategoryId = 1, Bbox = Box, Score = 0.5 + 0.001 * id })];

    public static CocoMatches Matches(IEnumerable<int> images, Func<int, bool> finds)
    {
        var ids = images.ToList();
        return CocoMatches.Compute(Truth(ids), Found(ids, finds));
    }
}

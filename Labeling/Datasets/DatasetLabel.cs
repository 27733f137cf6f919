using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace RetrainLoop.Labeling.Datasets;

/// <summary>One labelled object: top left corner and size, pixels of the oriented image.</summary>
/// <param name="Class">Index into the dataset's class names.</param>
/// <param name="Crowd">COCO's iscrowd: a region that neither counts as found nor as missed.</param>
/// <param name="Area">Square pixels where they differ from Width * Height, as for areas of masks.</param>
public sealed record DatasetLabel(int Class, double X, double Y, double Width, double Height, bool Crowd = false, double? Area = null)
{
    const int Decimals = 4;

    /// <summary>
    /// The label on a grid of 1/10,000 pixel. Formats write coordinates differently (fractions of the image, corners, centres); on the grid,
    /// each of them reads back to the very same label, and so to the same content hash.
    /// </summary>
    public DatasetLabel OnGrid()
    {
        var snapped = this with { X = Snap(X), Y = Snap(Y), Width = Snap(Width), Height = Snap(Height) };
        var area = Area is { } given ? Snap(given) : (double?)null;
        return snapped with { Area = area is { } value && Math.Abs(value - snapped.BoxArea) > 0.001 ? value : null };
    }

    /// <summary>Square pixels by which COCO sorts objects into small, medium and large.</summary>
    public double AreaOrBox() => Area ?? BoxArea;

    double BoxArea => Snap(Width * Height);

    /// <summary>Grid values as they are hashed; equal labels give equal lines.</summary>
    public string ToLine() => string.Create(CultureInfo.InvariantCulture, $"{Class} {X:R} {Y:R} {Width:R} {Height:R} {(Crowd ? 1 : 0)} {AreaOrBox():R}");

    static double Snap(double value) => Math.Round(value, Decimals) + 0.0; // + 0.0 turns -0 into 0
}

/// <summary>The labels of one image, in an order that does not depend on how they arrived, known by their hash.</summary>
public sealed record LabelSet(string Hash, IReadOnlyList<DatasetLabel> Labels)
{
    public static LabelSet Of(IEnumerable<DatasetLabel> labels)
    {
        var ordered = labels.Select(label => label.OnGrid()).Select(label => (Label: label, Line: label.ToLine()))
            .OrderBy(pair => pair.Line, StringComparer.Ordinal).ToList();
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', ordered.Select(pair => pair.Line))));
        return new LabelSet(Convert.ToHexStringLower(hash), [.. ordered.Select(pair => pair.Label)]);
    }

    public string ToJson() => JsonSerializer.Serialize(Labels, ContractJson.Options);

    public static IReadOnlyList<DatasetLabel> FromJson(string json) => JsonSerializer.Deserialize<List<DatasetLabel>>(json, ContractJson.Options) ?? [];
}

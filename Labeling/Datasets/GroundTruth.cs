using System.Text.Json.Serialization;
using Dapper;
using Npgsql;

namespace RetrainLoop.Labeling.Datasets;

/// <summary>COCO's JSON, as far as boxes need it (https://cocodataset.org/#format-data).</summary>
public sealed record CocoDocument(
    [property: JsonPropertyName("images")] IReadOnlyList<CocoImage> Images,
    [property: JsonPropertyName("annotations")] IReadOnlyList<CocoAnnotation> Annotations,
    [property: JsonPropertyName("categories")] IReadOnlyList<CocoCategory> Categories);

public sealed record CocoImage(
    [property: JsonPropertyName("id")] long Id, [property: JsonPropertyName("file_name")] string FileName,
    [property: JsonPropertyName("width")] int Width, [property: JsonPropertyName("height")] int Height);

/// <param name="Box">x, y, width, height in pixels.</param>
public sealed record CocoAnnotation(
    [property: JsonPropertyName("id")] long Id,
    [property: JsonPropertyName("image_id")] long ImageId,
    [property: JsonPropertyName("category_id")] long CategoryId,
    [property: JsonPropertyName("bbox")] IReadOnlyList<double> Box,
    [property: JsonPropertyName("area")] double? Area,
    [property: JsonPropertyName("iscrowd")] int Crowd);

public sealed record CocoCategory([property: JsonPropertyName("id")] long Id, [property: JsonPropertyName("name")] string Name);

/// <summary>An image of a dataset version with its size and labels; erased pictures are not among them.</summary>
public sealed record LabelledImage(string FileName, string Split, string Sha256, long Length, int Width, int Height, string Labels, bool InParent)
{
    public IReadOnlyList<DatasetLabel> Objects { get; } = LabelSet.FromJson(Labels);

    public ManifestImage ToManifest() => new(FileName, new ArtifactRef($"http://labeling/v1/blobs/{Sha256}", Sha256, Length));

    /// <summary>By file name.</summary>
    public static async Task<IReadOnlyList<LabelledImage>> ListAsync(
        NpgsqlConnection connection, DatasetVersion version, CancellationToken cancellationToken) =>
        (await connection.QueryAsync<LabelledImage>(new CommandDefinition(
            """
            select d.file_name as "FileName", d.split as "Split", d.sha256 as "Sha256",
                i.length as "Length", i.width as "Width", i.height as "Height", l.labels as "Labels",
                exists (select from dataset_images p where p.dataset = @ParentId and p.sha256 = d.sha256) as "InParent"
            from dataset_images d
            join dataset_labels l on l.hash = d.labels
            join images i using (sha256)
            where d.dataset = @Id and i.erased_at is null
            order by d.file_name
            """, new { version.Id, version.ParentId }, cancellationToken: cancellationToken))).AsList();
}

public static class GroundTruth
{
    /// <summary>Images are numbered from 1 in the given order, categories from 1 in the order of the classes.</summary>
    public static CocoDocument Of(IReadOnlyList<string> classNames, IEnumerable<LabelledImage> images)
    {
        var cocoImages = new List<CocoImage>();
        var annotations = new List<CocoAnnotation>();
        foreach (var image in images)
        {
            cocoImages.Add(new CocoImage(cocoImages.Count + 1, image.FileName, image.Width, image.Height));
            foreach (var label in image.Objects)
                annotations.Add(new CocoAnnotation(annotations.Count + 1, cocoImages.Count, label.Class + 1,
                    [label.X, label.Y, label.Width, label.Height], label.AreaOrBox(), label.Crowd ? 1 : 0));
        }
        return new CocoDocument(cocoImages, annotations, [.. classNames.Select((name, index) => new CocoCategory(index + 1, name))]);
    }
}

using System.Text.Json;
using RetrainLoop.Labeling.Datasets;

namespace RetrainLoop.Tests.Labeling.Datasets;

public sealed class GoldenDatasetTests(PostgresServer postgres) : LabelingService(postgres)
{
    [Theory]
    [InlineData("pets09_s2l1", "yolo", "val", 28, 193)]
    [InlineData("pets09_s2l1", "coco", "val", 28, 193)]
    [InlineData("bccd", "yolo", "val", 60, 782)]
    [InlineData("voc100", "coco", "val", 50, 135)]
    public async Task Import_GoldenSet_GivesItsOwnGroundTruth(string name, string format, string split, int images, int objects)
    {
        var folder = GoldenFolder.Shared("datasets", name);
        var zip = Zip.OfFolder(folder, file => !file.Contains("labels") || format == "yolo");
        var version = await ReadAsync<DatasetVersionInfo>(await Http.PostAsync($"/v1/datasets/import?name={name}&format={format}&role=lockedHoldout&split={split}", Zip.Content(zip)));
        Assert.Equal((images, objects, 0, images), (version.Images, version.Objects, version.Train, version.Validation));

        var expected = JsonSerializer.Deserialize<CocoDocument>(File.ReadAllText(Path.Combine(folder, $"coco_{split}.json")), ContractJson.Options)!;
        var actual = await GetAsync<CocoDocument>(new Uri(version.GroundTruth).AbsolutePath);
        Assert.Equal(expected.Images.Select(image => (image.FileName, image.Width, image.Height)).Order(), actual.Images.Select(image => (image.FileName, image.Width, image.Height)).Order());
        var (want, have) = (Sorted(expected), Sorted(actual));
        foreach (var (a, b) in want.Zip(have))
        {
            Assert.Equal((a.File, a.Category, a.Crowd), (b.File, b.Category, b.Crowd));
            for (var i = 0; i < 4; i++) Assert.Equal(a.Box[i], b.Box[i], 0.01);
            if (format == "coco") Assert.Equal(a.Area, b.Area, 0.01);
        }
    }

    static List<(string File, string Category, int Crowd, IReadOnlyList<double> Box, double Area)> Sorted(CocoDocument document)
    {
        var files = document.Images.ToDictionary(image => image.Id, image => image.FileName);
        var names = document.Categories.ToDictionary(category => category.Id, category => category.Name);
        return [.. document.Annotations.Select(item => (files[item.ImageId], names[item.CategoryId], item.Crowd, item.Box, item.Area ?? 0))
            .OrderBy(item => item.Item1, StringComparer.Ordinal).ThenBy(item => item.Item2, StringComparer.Ordinal)
            .ThenBy(item => Math.Round(item.Box[0], 1)).ThenBy(item => Math.Round(item.Box[1], 1)).ThenBy(item => Math.Round(item.Box[2], 1))];
    }
}

using System.IO.Compression;
using System.Net;
using System.Text.Json;

namespace RetrainLoop.Tests.Labeling.Datasets;

public sealed class ImportApiTests(PostgresServer postgres) : LabelingService(postgres)
{
    static readonly byte[] Description = Zip.Text("names: [washer, nut]\n");

    static byte[] Good(string prefix = "") => Zip.Of(
        ($"{prefix}data.yaml", Description),
        ($"{prefix}images/train/a.jpg", Pictures.Jpeg(1)), ($"{prefix}labels/train/a.txt", Zip.Text("0 0.5 0.5 0.25 0.5\n1 0.1 0.1 0.2 0.2\n")),
        ($"{prefix}images/val/b.jpg", Pictures.Jpeg(2)), ($"{prefix}labels/val/b.txt", Zip.Text("")));

    Task<HttpResponseMessage> ImportAsync(byte[] zip, string query) => Http.PostAsync($"/v1/datasets/import?{query}", Zip.Content(zip));

    async Task<List<(string File, int? Line, string Problem)>> FindingsAsync(byte[] zip, string format = "yolo")
    {
        var response = await ImportAsync(zip, $"name=bad&format={format}");
        var body = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == HttpStatusCode.UnprocessableEntity, body);
        using var problem = JsonDocument.Parse(body);
        var findings = problem.RootElement.GetProperty("findings").EnumerateArray().Select(finding => (finding.GetProperty("file").GetString()!,
            finding.TryGetProperty("line", out var line) ? line.GetInt32() : (int?)null, finding.GetProperty("problem").GetString()!)).ToList();
        Assert.True(problem.RootElement.GetProperty("findingCount").GetInt32() >= findings.Count);
        Assert.Empty(await GetAsync<List<DatasetVersionInfo>>("/v1/datasets"));
        return findings;
    }

    [Fact]
    public async Task Import_SameContentTwice_IsTheSameVersion()
    {
        var response = await ImportAsync(Good(), "name=set&role=training");
        var first = await ReadAsync<DatasetVersionInfo>(response);
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.Equal((1, 2, 2, 1, 1), (first.Version, first.Images, first.Objects, first.Train, first.Validation));
        using var form = new MultipartFormDataContent { { Zip.Content(Good("a-folder/")), "file", "set.zip" } };
        response = await Http.PostAsync("/v1/datasets/import?name=set", form);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(first, await ReadAsync<DatasetVersionInfo>(response) with { ClassNames = first.ClassNames });
        Assert.Equal(2, (await ReadAsync<DatasetVersionInfo>(await ImportAsync(Good(), "name=set&split=train"))).Version);
        await RefusedAsync(HttpStatusCode.Conflict, await ImportAsync(Good(), "name=set&role=training&deployment=line"));
    }

    [Theory]
    [InlineData("yolo")]
    [InlineData("coco")]
    public async Task Export_ImportedAgain_HasTheSameContentHash(string format)
    {
        var original = await ReadAsync<DatasetVersionInfo>(await ImportAsync(Good(), "name=original"));
        var zip = await Http.GetByteArrayAsync($"/v1/datasets/original/versions/1/export?format={format}");
        using (var archive = new ZipArchive(new MemoryStream(zip)))
            Assert.Equal(format == "yolo" ? 6 : 4, archive.Entries.Count);
        var copy = await ReadAsync<DatasetVersionInfo>(await ImportAsync(zip, $"name=copy&format={format}"));
        Assert.Equal(original.ContentHash, copy.ContentHash);
        var manifest = await GetAsync<ImageManifest>("/v1/datasets/copy/versions/1/manifest");
        Assert.Equal(["images/train/a.jpg", "images/val/b.jpg"], manifest.Images.Select(image => image.Key));
    }

    [Fact]
    public async Task Import_BadYolo_ListsEveryFileAndLine()
    {
        var findings = await FindingsAsync(Zip.Of(
            ("data.yaml", Description),
            ("images/train/a.jpg", Pictures.Jpeg(1)),
            ("labels/train/a.txt", Zip.Text("0 0.5 0.5 0.25 0.5\n0 0.99 0.5 0.25 0.5\n2 0.5 0.5 0.1 0.1\n\n0 0.5 0.5\n0 0.5 x 0.1 0.1\n0 0.5 0.5 0 0.1\n")),
            ("images/train/no-labels.jpg", Pictures.Jpeg(2)),
            ("images/train/text.jpg", Zip.Text("not a picture")), ("labels/train/text.txt", []),
            ("images/train/half.jpg", Pictures.Jpeg(3)[..900]), ("labels/train/half.txt", []),
            ("labels/train/orphan.txt", Zip.Text("0 0.5 0.5 0.1 0.1\n"))));
        Assert.Equal([2, 3, 5, 6, 7], findings.Where(finding => finding.File == "labels/train/a.txt").Select(finding => finding.Line!.Value));
        Assert.Equal(["images/train/half.jpg", "images/train/no-labels.jpg", "images/train/text.jpg", "labels/train/orphan.txt"],
            findings.Where(finding => finding.Line is null).Select(finding => finding.File).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Import_BadCoco_ListsEveryAnnotation()
    {
        var json = """
            { "images": [ { "id": 1, "file_name": "a.jpg", "width": 160, "height": 120 }, { "id": 2, "file_name": "gone.jpg", "width": 1, "height": 1 } ],
              "categories": [ { "id": 7, "name": "washer" } ],
              "annotations": [
                { "id": 1, "image_id": 1, "category_id": 7, "bbox": [10, 10, 20, 20] }, { "id": 2, "image_id": 1, "category_id": 8, "bbox": [10, 10, 20, 20] },
                { "id": 3, "image_id": 1, "category_id": 7, "bbox": [150, 10, 20, 20] }, { "id": 4, "image_id": 9, "category_id": 7, "bbox": [1, 1, 2, 2] } ] }
            """;
        var findings = await FindingsAsync(Zip.Of(("coco_val.json", Zip.Text(json)), ("a.jpg", Pictures.Jpeg(1)), ("b.jpg", Pictures.Jpeg(2))), "coco");
        foreach (var expected in new[] { "gone.jpg", "annotation 2 ", "annotation 3 ", "annotation 4 " })
            Assert.Single(findings, finding => finding.File == "coco_val.json" && finding.Problem.Contains(expected, StringComparison.Ordinal));
        Assert.Single(findings, finding => finding.File == "b.jpg");
        Assert.Equal(5, findings.Count);
    }

    [Theory]
    [InlineData("../evil.jpg")]
    [InlineData("/etc/evil.jpg")]
    [InlineData("images/../../evil.jpg")]
    [InlineData("images\\..\\evil.jpg")]
    [InlineData("C:/evil.jpg")]
    public async Task Import_PathTrick_IsRefused(string name) =>
        Assert.Contains("path", (await FindingsAsync(Zip.Of(("data.yaml", Description), (name, Pictures.Jpeg(1))))).Single().Problem, StringComparison.Ordinal);

    [Fact]
    public async Task Import_BombOrNoZip_IsRefused()
    {
        Assert.Contains("bomb", (await FindingsAsync(Zip.Of(("data.yaml", Description), ("images/a.jpg", new byte[20 << 20])))).Single().Problem, StringComparison.Ordinal);
        await RefusedAsync(HttpStatusCode.UnprocessableEntity, await ImportAsync(Zip.Text("this is no zip"), "name=x"));
        Assert.Equal("data.yaml", (await FindingsAsync(Zip.Of(("images/a.jpg", Pictures.Jpeg(1))))).Single().File);
    }

    [Fact]
    public async Task Import_PictureOfTheOtherSide_Conflicts()
    {
        await OkAsync(await ImportAsync(Good(), "name=set&role=training&deployment=line"));
        var response = await ImportAsync(Good(), "name=holdout&role=lockedHoldout&deployment=line&split=val");
        Assert.StartsWith("1 of the pictures", await RefusedAsync(HttpStatusCode.Conflict, response), StringComparison.Ordinal);
        await OkAsync(await ImportAsync(Good(), "name=holdout&role=lockedHoldout&split=val"));
        response = await Http.PutAsync($"/v1/deployments/{Line}/holdouts/locked", System.Net.Http.Json.JsonContent.Create(new AssignDataset(new DatasetRef("holdout", 1))));
        await RefusedAsync(HttpStatusCode.Conflict, response);
    }
}

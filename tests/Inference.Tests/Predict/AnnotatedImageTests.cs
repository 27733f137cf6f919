using System.Net;
using RetrainLoop.Inference.Predict.Annotation;
using SkiaSharp;

namespace RetrainLoop.Tests.Inference.Predict;

public sealed class AnnotatedImageTests(PostgresServer postgres, RedisServer redis) : IAsyncLifetime
{
    readonly InferenceService inference = new(postgres, redis);
    HttpClient client = null!;

    public async ValueTask InitializeAsync()
    {
        client = await inference.StartAsync(("Telemetry:Enabled", "false"));
        await InferenceService.RegisterAsync(client, "tiny", TinyModel.Create(metadataNames: "{0: 'dark', 1: 'Käfig 籠'}"));
        await InferenceService.DeployAsync(client, "line", new DeploymentRequest("tiny", 1));
    }

    public ValueTask DisposeAsync() => inference.DisposeAsync();

    [Fact]
    public async Task Predict_Annotate_DrawsBoxAndLabelIntoAPictureThatCanBeRead()
    {
        using var picture = await DrawnAsync(TestImage.Gray(102), "?annotate=true", null);
        Assert.Equal((640, 640), (picture.Width, picture.Height)); // 64 x 64 enlarged tenfold
        // "dark": 20 x 10 px around (32, 32).
        var color = ClassColors.Of(0);
        Assert.True(IsRedAround(picture, 320, 270) && IsRedAround(picture, 420, 320), "the box has no edges"); // JPEG blurs the colour of thin lines
        Assert.True(Distance(new SKColor(102, 102, 102), picture.GetPixel(320, 340)) < 20, "the box is filled");
        var letters = Enumerable.Range(220, 80).Count(x => Distance(ClassColors.TextOn(color), picture.GetPixel(x, 262)) < 80);
        Assert.True(letters >= 5, $"only {letters} pixels of a line through the label are letters");
    }

    [Fact]
    public async Task Predict_AcceptJpeg_AnswersWithAPictureOfTheUprightImagesSize()
    {
        using var bitmap = new SKBitmap(1200, 700);
        using var encoded = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        using var picture = await DrawnAsync(encoded.ToArray(), "", "image/jpeg");
        Assert.Equal((1200, 700), (picture.Width, picture.Height));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(5000, 3)]
    [InlineData(3, 5000)]
    public async Task Predict_AnnotateOddSizes_DrawsThem(int width, int height)
    {
        using var bitmap = new SKBitmap(width, height);
        using var encoded = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        using var picture = await DrawnAsync(encoded.ToArray(), "?annotate=true", null);
        Assert.InRange(Math.Max(picture.Width, picture.Height), 640, 4096);
    }

    [Fact]
    public async Task Predict_AnnotateTwoFiles_Is400()
    {
        using var form = new MultipartFormDataContent();
        for (var i = 0; i < 2; i++) form.Add(new ByteArrayContent(TestImage.Gray(20)), "file", $"{i}.png");
        Assert.Contains("one file", await InferenceService.RefusalAsync(
            await client.PostAsync("/v1/deployments/line/predict?annotate=true", form), HttpStatusCode.BadRequest));
    }

    async Task<SKBitmap> DrawnAsync(byte[] image, string query, string? accept)
    {
        var request = InferenceService.Predict("line", image, query);
        if (accept is not null) request.Headers.Add("Accept", accept);
        var response = await client.SendAsync(request);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
        Assert.Equal("image/jpeg", response.Content.Headers.ContentType?.MediaType);
        return SKBitmap.Decode(await response.Content.ReadAsByteArrayAsync());
    }

    static bool IsRedAround(SKBitmap picture, int x, int y) => Enumerable.Range(-2, 5).SelectMany(
        dx => Enumerable.Range(-2, 5), (dx, dy) => picture.GetPixel(x + dx, y + dy)).Any(pixel => pixel.Red - pixel.Green > 60);

    static int Distance(SKColor a, SKColor b) => Math.Abs(a.Red - b.Red) + Math.Abs(a.Green - b.Green) + Math.Abs(a.Blue - b.Blue);
}

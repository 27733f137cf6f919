using System.Net;
using System.Net.Http.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace RetrainLoop.Tests.Inference.Predict;

/// <summary>Prediction by URL. 127.0.0.2 plays an address outside; 127.0.0.1 is loopback as everywhere.</summary>
public sealed class PredictUrlTests(PostgresServer postgres, RedisServer redis) : IAsyncLifetime
{
    readonly InferenceService inference = new(postgres, redis);
    readonly WebApplication web = Serve();
    readonly string blobs = Directory.CreateTempSubdirectory("retrainloop-blobs-").FullName;
    HttpClient client = null!;

    public async ValueTask InitializeAsync()
    {
        await web.StartAsync();
        client = await StartAsync(("Predict:AllowUrls", "true"), ("Predict:UrlNetworks:0", "127.0.0.2/32"), ("Predict:UrlTimeoutSeconds", "1"),
            ("Images:MaxMegabytes", "1"));
        await InferenceService.RegisterAsync(client, "tiny", TinyModel.Create());
        await InferenceService.DeployAsync(client, "line", new DeploymentRequest("tiny", 1));
    }

    public async ValueTask DisposeAsync()
    {
        await web.DisposeAsync();
        await inference.DisposeAsync();
        Directory.Delete(blobs, recursive: true);
    }

    [Fact]
    public async Task Predict_UrlInAnAllowedNetwork_AnswersLikeForTheImage()
    {
        var answer = await InferenceService.ReadAsync<PredictResponse>(await PostAsync(At("127.0.0.2", "/frame.png")));
        Assert.Equal("dark", Assert.Single(answer.Images[0].Boxes).Name);
        Assert.Equal(64, Assert.Single((await InferenceService.ReadAsync<PredictResponse>(
            await PostAsync(At("127.0.0.2", "/moved?to=" + Uri.EscapeDataString("/frame.png"))))).Images).Width);
    }

    [Fact]
    public async Task Predict_UrlIntoAPrivateNetwork_IsRefusedAlsoAfterARedirect()
    {
        foreach (var url in new[]
        {
            At("127.0.0.1", "/frame.png"), At("localhost", "/frame.png"), At("[::1]", "/frame.png"), At("[::ffff:127.0.0.1]", "/frame.png"),
            At("2130706433", "/frame.png"), At("0x7f.1", "/frame.png"), "http://169.254.169.254/latest/meta-data/", "http://monitor/health",
            At("127.0.0.2", "/moved?to=" + Uri.EscapeDataString(At("127.0.0.1", "/frame.png"))),
        })
            Assert.Matches("private address|cannot be read",
                await InferenceService.RefusalAsync(await PostAsync(url), HttpStatusCode.UnprocessableEntity));
        Assert.Equal(0, served);
    }

    [Theory]
    [InlineData("/missing", 422, "answered 404")]
    [InlineData("/slow", 422, "within 1 s")]
    [InlineData("/endless", 413, "larger than")]
    [InlineData("/circle", 422, "answered 302")]
    [InlineData("/text", 415, "a text file")]
    public async Task Predict_UrlThatServesNoImage_SaysWhatItDid(string path, int status, string said) =>
        Assert.Contains(said, await InferenceService.RefusalAsync(await PostAsync(At("127.0.0.2", path)), (HttpStatusCode)status));

    [Theory]
    [InlineData("file:///etc/passwd")]
    [InlineData("ftp://127.0.0.2/x")]
    [InlineData("no url")]
    [InlineData("")]
    public async Task Predict_NoHttpUrl_Is400(string url) => Assert.Equal(HttpStatusCode.BadRequest, (await PostAsync(url)).StatusCode);

    [Fact]
    public async Task Predict_UrlsNotAllowed_Is403SayingWhatToDo()
    {
        var closed = await StartAsync();
        await Eventually.TrueAsync(async () => (await closed.SendAsync(InferenceService.Predict("line", TestImage.Gray(20)))).IsSuccessStatusCode,
            "the other replica serves");
        Assert.Contains("Predict:AllowUrls", await InferenceService.RefusalAsync(
            await closed.PostAsJsonAsync("/v1/deployments/line/predict", new { url = At("127.0.0.2", "/frame.png") }), HttpStatusCode.Forbidden));
    }

    static int served;

    static WebApplication Serve()
    {
        served = 0;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Urls.Add("http://0.0.0.0:0");
        app.MapGet("/frame.png", (HttpContext http) =>
        {
            if (http.Request.Host.Host != "127.0.0.2") served++;
            return Results.Bytes(TestImage.Gray(20), "image/png");
        });
        app.MapGet("/moved", (string to) => Results.Redirect(to));
        app.MapGet("/circle", () => Results.Redirect("/circle"));
        app.MapGet("/text", () => "once upon a time");
        app.MapGet("/slow", async (HttpContext http) =>
        {
            await http.Response.Body.FlushAsync();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, http.RequestAborted);
        });
        app.MapGet("/endless", async (HttpContext http) =>
        {
            while (!http.RequestAborted.IsCancellationRequested) await http.Response.Body.WriteAsync(new byte[65536], http.RequestAborted);
        });
        return app;
    }

    Task<HttpClient> StartAsync(params (string Key, string Value)[] settings) =>
        inference.StartAsync([.. settings, ("Telemetry:Enabled", "false"), ("Blobs:Root", blobs), ("services:monitor:http:0", "http://127.0.0.1:9")]);

    string At(string host, string path) => $"http://{host}:{new Uri(web.Urls.Single()).Port}{path}";

    Task<HttpResponseMessage> PostAsync(string url) => client.PostAsJsonAsync("/v1/deployments/line/predict", new { url });
}

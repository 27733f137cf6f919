using System.IO.Compression;
using System.Net;
using System.Net.Http.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using RetrainLoop.Inference.Execution;

namespace RetrainLoop.Tests.Inference.Predict;

/// <summary>Bodies that come while the images under way fill their memory.</summary>
public sealed class BodyAdmissionTests(PostgresServer postgres, RedisServer redis) : IAsyncLifetime
{
    readonly InferenceService inference = new(postgres, redis);
    readonly WebApplication web = Serve();
    HttpClient client = null!;
    ByteBudget budget = null!;

    public async ValueTask InitializeAsync()
    {
        await web.StartAsync();
        client = await inference.StartAsync(
            ("Predict:MaxRequestMegabytes", "2"), ("Predict:MaxMegabytesInFlight", "4"), ("Images:MaxMegabytes", "1"), ("Predict:AllowUrls", "true"),
            ("Predict:UrlNetworks:0", "127.0.0.2/32"));
        await InferenceService.RegisterAsync(client, "tiny", TinyModel.Create());
        await InferenceService.DeployAsync(client, "line", new DeploymentRequest("tiny", 1));
        budget = inference.Service.Services.GetRequiredService<ByteBudget>();
    }

    public async ValueTask DisposeAsync()
    {
        await web.DisposeAsync();
        await inference.DisposeAsync();
    }

    [Fact]
    public async Task Predict_MemoryOfBodiesIsTaken_Is429ForEveryKindOfBodyUntilItIsFree()
    {
        Func<HttpRequestMessage>[] kinds = [Raw, Form, Packed, Url];
        Assert.True(budget.TryTake(4_000_000));
        foreach (var kind in kinds)
        {
            using var response = await client.SendAsync(kind());
            Assert.Contains("fill the 4 MB", await InferenceService.RefusalAsync(response, HttpStatusCode.TooManyRequests));
            Assert.NotNull(response.Headers.RetryAfter);
        }
        budget.Return(4_000_000);
        foreach (var kind in kinds) await InferenceService.ReadAsync<PredictResponse>(await client.SendAsync(kind()));
        await Eventually.TrueAsync(() => Task.FromResult(budget.Taken == 0), "all memory is given back");
        await Eventually.TrueAsync(() => Task.FromResult(inference.Monitor.Batches.SelectMany(batch => batch.Series)
            .Sum(series => series.Outcomes.GetValueOrDefault(RequestOutcome.Overloaded)) == kinds.Length), "the refusals are counted as overload");
    }

    static HttpRequestMessage Raw() => InferenceService.Predict("line", TestImage.Gray(51));

    static HttpRequestMessage Form()
    {
        var request = InferenceService.Predict("line", []);
        request.Content = new MultipartFormDataContent { { new ByteArrayContent(TestImage.Gray(51)), "file", "gray.png" } };
        return request;
    }

    static HttpRequestMessage Packed()
    {
        using var bytes = new MemoryStream();
        using (var gzip = new GZipStream(bytes, CompressionLevel.Fastest)) gzip.Write(TestImage.Gray(51));
        var request = InferenceService.Predict("line", bytes.ToArray());
        request.Content!.Headers.ContentEncoding.Add("gzip");
        return request;
    }

    HttpRequestMessage Url()
    {
        var request = InferenceService.Predict("line", []);
        request.Content = JsonContent.Create(new { url = $"http://127.0.0.2:{new Uri(web.Urls.Single()).Port}/frame.png" });
        return request;
    }

    static WebApplication Serve()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Urls.Add("http://0.0.0.0:0");
        app.MapGet("/frame.png", () => Results.Bytes(TestImage.Gray(51), "image/png"));
        return app;
    }
}

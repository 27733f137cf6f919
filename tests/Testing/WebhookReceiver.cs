using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace RetrainLoop.Tests.Testing;

/// <summary>What a webhook got.</summary>
public sealed record ReceivedWebhook(IReadOnlyDictionary<string, string> Headers, byte[] Bytes)
{
    public JsonElement Body { get; } = JsonSerializer.Deserialize<JsonElement>(Bytes);
    public string Status => Body.GetProperty("status").GetString()!;
    public string Subject => Body.GetProperty("subject").GetString()!;
    public IEnumerable<string> Rules => Body.GetProperty("alerts").EnumerateArray().Select(alert => alert.GetProperty("alert").GetProperty("ruleName").GetString()!);

    /// <summary>The rules that it tells the end of.</summary>
    public IEnumerable<string> Resolved => Body.GetProperty("alerts").EnumerateArray().Select(alert => alert.GetProperty("alert"))
        .Where(alert => alert.TryGetProperty("resolvedAt", out var at) && at.ValueKind == JsonValueKind.String).Select(alert => alert.GetProperty("ruleName").GetString()!);
}

/// <summary>A local receiver of webhooks that keeps what it gets and answers as the test wishes.</summary>
public sealed class WebhookReceiver : IAsyncDisposable
{
    readonly WebApplication app;

    WebhookReceiver(WebApplication app) => this.app = app;

    public ConcurrentQueue<ReceivedWebhook> Received { get; } = [];

    /// <summary>Decides the answer after the webhook was taken in.</summary>
    public Func<Task<int>> Answer { get; set; } = () => Task.FromResult(StatusCodes.Status200OK);
    public string Url => app.Urls.Single() + "/hook";

    public static async Task<WebhookReceiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var receiver = new WebhookReceiver(app);
        app.MapPost("/hook", receiver.TakeAsync);
        await app.StartAsync();
        return receiver;
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    async Task<IResult> TakeAsync(HttpRequest request)
    {
        using var buffer = new MemoryStream();
        await request.Body.CopyToAsync(buffer);
        Received.Enqueue(new ReceivedWebhook(request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase), buffer.ToArray()));
        return Results.StatusCode(await Answer());
    }
}

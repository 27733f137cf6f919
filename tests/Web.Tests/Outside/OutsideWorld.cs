using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace RetrainLoop.Tests.Web.Outside;

/// <summary>
/// The other services as Web meets them: what they answer to each call of the loop, everything asked under a key made once. Each can be away, and the
/// caller can be killed at any request. What they were made to make is listed in <see cref="Facts"/>.
/// </summary>
public sealed partial class OutsideWorld : IAsyncDisposable
{
    public static readonly string[] Services = ["inference", "monitor", "labeling", "training", "simulator"];
    readonly WebApplication app;
    readonly HttpMessageInvoker server;
    readonly ConcurrentDictionary<string, bool> away = new();
    int commands;

    public OutsideWorld(TimeProvider time)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseTestServer();
        builder.Logging.ClearProviders();
        builder.Services.ConfigureHttpJsonOptions(json => ContractJson.Configure(json.SerializerOptions));
        app = builder.Build();
        Inference = new OutsideInference(time);
        Monitor = new OutsideMonitor(time);
        Labeling = new OutsideLabeling(time);
        Training = new OutsideTraining(time);
        Inference.Map(app.MapGroup("").RequireHost("inference"));
        Monitor.Map(app.MapGroup("").RequireHost("monitor"));
        Labeling.Map(app.MapGroup("").RequireHost("labeling"));
        Training.Map(app.MapGroup("").RequireHost("training"));
        foreach (var service in Services)
        {
            var group = app.MapGroup("").RequireHost(service);
            group.MapGet("/health", () => Health.TryGetValue(service, out var state) ? state : Results.Json(new { status = "Healthy", checks = new { } }));
            group.MapPut("/v1/key-snapshot", (KeySnapshot snapshot) => { KeySnapshots[service] = snapshot; return Results.NoContent(); });
        }
        ((IHost)app).Start();
        server = new HttpMessageInvoker(app.GetTestServer().CreateHandler());
    }

    public OutsideInference Inference { get; }
    public OutsideMonitor Monitor { get; }
    public OutsideLabeling Labeling { get; }
    public OutsideTraining Training { get; }
    public ConcurrentDictionary<string, KeySnapshot> KeySnapshots { get; } = new();
    public ConcurrentDictionary<string, IResult> Health { get; } = new();

    /// <summary>How many commands (all but GET) came so far.</summary>
    public int Commands => Volatile.Read(ref commands);

    /// <summary>The caller dies on the command of this number: the service has done what was asked, but the answer reaches nobody.</summary>
    public int? KillCallerAt { get; set; }

    /// <summary>Everything that the services were made to make, sorted; ids that differ from run to run replaced by a star.</summary>
    public IReadOnlyList<string> Facts() =>
        [.. Inference.Facts().Concat(Monitor.Facts()).Concat(Labeling.Facts()).Concat(Training.Facts()).Select(fact => Id().Replace(fact,
         "*")).Order(StringComparer.Ordinal)];

    public void SetAway(string service, bool isAway) => away[service] = isAway;

    /// <summary>Makes all HTTP clients of the service under test end in the world of the moment.</summary>
    public static void Connect(IServiceCollection services, Func<OutsideWorld> world) =>
        services.ConfigureHttpClientDefaults(http => http.ConfigurePrimaryHttpMessageHandler(() => new Line(world)));

    public ValueTask DisposeAsync() => app.DisposeAsync();

    [GeneratedRegex("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")]
    private static partial Regex Id();

    async Task<HttpResponseMessage> AnswerAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (away.GetValueOrDefault(request.RequestUri!.Host)) throw new HttpRequestException("Connection refused");
        var response = await server.SendAsync(request, cancellationToken);
        return request.Method != HttpMethod.Get && Interlocked.Increment(ref commands) == KillCallerAt ? throw new KilledException() : response;
    }

    sealed class Line(Func<OutsideWorld> world) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            world().AnswerAsync(request, cancellationToken);
    }
}

/// <summary>Stands for the process being killed at this point: nothing after it runs.</summary>
public sealed class KilledException : Exception;

using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace RetrainLoop.Tests.Browser.Fakes;

/// <summary>The services that Web talks to, in one process, with the figures of a line in the middle of a drift. Speaks the contracts' JSON.</summary>
public sealed class FakeStack : IAsyncDisposable
{
    public const string ServiceToken = "service-token-of-the-browser-tests-0123456789";
    public static readonly string[] Services = ["inference", "monitor", "labeling", "training", "simulator"];
    readonly WebApplication app;

    FakeStack(WebApplication app, FakeLine line, FakeLabeling labeling)
    {
        (this.app, Line, Labeling) = (app, line, labeling);
        (Metrics, Alerts, Channels, Replays) = (new FakeMetrics(line), new FakeAlerts(line), new FakeChannels(line), new FakeReplays(line));
        (Models, Samples) = (new FakeModels(line), new FakeSamples(line, labeling));
        Requests = new FakeRequests(line);
        (Drift, Holdout, Diagnoses) = (new FakeDrift(line), new FakeHoldout(line), new FakeDiagnoses(line));
    }

    public FakeLine Line { get; }
    public FakeLabeling Labeling { get; }
    public FakeMetrics Metrics { get; }
    public FakeAlerts Alerts { get; }
    public FakeChannels Channels { get; }
    public FakeReplays Replays { get; }
    public FakeModels Models { get; }
    public FakeSamples Samples { get; }
    public FakeRequests Requests { get; }
    public FakeDrift Drift { get; }
    public FakeHoldout Holdout { get; }
    public FakeDiagnoses Diagnoses { get; }
    public string Address => app.Urls.Single();

    public static async Task<FakeStack> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.ConfigureHttpJsonOptions(json => ContractJson.Configure(json.SerializerOptions));
        var app = builder.Build();
        var line = new FakeLine(TimeProvider.System);
        var labeling = new FakeLabeling(line);
        app.MapGet("/health", () => new { status = "Healthy", checks = new { } });
        app.MapPut("/v1/key-snapshot", () => Results.NoContent());
        app.MapGet("/v1/changes", (string after) => new ChangePage([], after));
        FakeInference.Map(app, line);
        FakeMonitor.Map(app, line);
        FakeTraining.Map(app, line);
        labeling.Map(app);
        var stack = new FakeStack(app, line, labeling);
        stack.Metrics.Map(app);
        stack.Alerts.Map(app);
        stack.Channels.Map(app);
        stack.Replays.Map(app);
        stack.Models.Map(app);
        stack.Samples.Map(app);
        stack.Requests.Map(app);
        stack.Drift.Map(app);
        stack.Holdout.Map(app);
        stack.Diagnoses.Map(app);
        await app.StartAsync();
        return stack;
    }

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
    }
}

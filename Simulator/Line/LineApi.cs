using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using RetrainLoop.ServiceDefaults;
using RetrainLoop.ServiceDefaults.Security;
using RetrainLoop.Simulator.Setup;
using RetrainLoop.Simulator.Frames;

namespace RetrainLoop.Simulator.Line;

/// <summary>How the line runs and what became of its frames.</summary>
/// <param name="Burst">The burst that is on, with the seconds that remain.</param>
/// <param name="Setup">How far the line is set up: what it waits for, or that it is done.</param>
public sealed record LineInfo(
    double FramesPerSecond, bool Paused, double MalformedShare, double SlowClients, Drift Drift, int Seed, Burst? Burst, LineCounts Counters, SetupInfo Setup);

public static class LineApi
{
    public static void AddLine(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<LineOptions>().BindConfiguration("Simulator").ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton<LineControl>();
        builder.Services.AddSingleton<LineCounters>();
        builder.Services.AddSingleton<FrameSender>();
        builder.Services.AddHostedService<CameraPlayer>();
        builder.Services.AddHostedService<BurstPlayer>();
    }

    public static void MapLine(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/line", Read).RequireAuthorization(Access.View).WithSummary("How the line runs, and counters since the start.");
        routes.MapPut("/v1/line", Change).RequireAuthorization(Access.Operate)
            .WithSummary("Changes how the line runs; an omitted member keeps its value, drift and burst are set as a whole.");
    }

    static Ok<LineInfo> Read(LineControl control, LineCounters counters, SetupProgress setup, TimeProvider time) =>
        TypedResults.Ok(Describe(control.Settings, counters, setup, time));

    static Results<Ok<LineInfo>, ProblemHttpResult> Change(
        LineChange change, LineControl control, LineCounters counters, SetupProgress setup, IOptions<LineOptions> options, TimeProvider time)
    {
        var problems = string.Join(' ', change.Problems(options.Value));
        return problems.Length > 0
            ? Problem.BadRequest(problems + " Nothing was changed.")
            : TypedResults.Ok(Describe(control.Apply(change), counters, setup, time));
    }

    static LineInfo Describe(LineSettings settings, LineCounters counters, SetupProgress setup, TimeProvider time)
    {
        var now = time.GetUtcNow();
        var burst = settings.BurstAt(now) is { } on ? on with { Seconds = Math.Round((settings.BurstUntil!.Value - now).TotalSeconds, 1) } : null;
        return new LineInfo(
            settings.FramesPerSecond, settings.Paused, settings.MalformedShare, settings.SlowClients, settings.Drift, settings.Seed, burst,
            counters.Read(), setup.Read());
    }
}

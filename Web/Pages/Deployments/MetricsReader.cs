using RetrainLoop.Web.Stack;
using static RetrainLoop.Web.Stack.StackAnswer;

namespace RetrainLoop.Web.Pages.Deployments;

/// <summary>Asks Monitor for the lines, figures and events of a view.</summary>
public sealed class MetricsReader(MonitorClient monitor, DeploymentEvents events, TimeProvider time)
{
    /// <summary>A page rather shows a gap than waits longer.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(6);

    /// <summary>The metrics with the least seconds between their points: a rate has a value each second, a percentile wants a minute.</summary>
    static readonly (string Metric, int LeastStep)[] Lines =
        [("requests", 1), ("latency", 60), ("errors", 60), ("detections", 10), ("detectionsPerMinute", 60), ("confidence", 10), ("stages", 60)];

    public async Task<MetricsSnapshot> ReadAsync(string deployment, MetricsView view)
    {
        using var limit = new CancellationTokenSource(Patience, time);
        var window = view.Window(time.GetUtcNow());
        var kept = TimeWindow.Kept(time.GetUtcNow() - window.From);
        var answers = Lines.Select(line => (line.Metric, Answer: AskAsync(deployment, line.Metric, window, window.Step(Math.Max(kept, Least(line.LeastStep, view))), view, limit.Token))).ToList();
        answers.Add(("regions", AskRegionsAsync(deployment, window, Math.Max(kept, window.BarStep()), view, limit.Token)));
        var figures = TryAsync(monitor.FiguresAsync(deployment, window.From, window.To, view.Filter, limit.Token));
        var dimensions = TryAsync(monitor.DimensionsAsync(deployment, window.From, window.To, limit.Token));
        var happened = events.ReadAsync(deployment, window, limit.Token);
        await Task.WhenAll(answers.Select(one => one.Answer));
        return new MetricsSnapshot(
            view, window, answers.Where(one => one.Answer.Result is not null).ToDictionary(one => one.Metric, one => one.Answer.Result!),
            (await figures ?? []).ToDictionary(figure => figure.Metric), await dimensions, await happened);
    }

    // Single seconds are kept by region, not by camera.
    static int Least(int seconds, MetricsView view) => view.Split == "camera" || view.Filter.Camera is not null ? Math.Max(10, seconds) : seconds;

    Task<MetricsResponse?> AskAsync(string deployment, string metric, TimeWindow window, int step, MetricsView view, CancellationToken cancellationToken)
    {
        var split = SplitOf(metric, view.Split);
        var lines = split == "camera" ? (Window: window, Step: (int?)null) : (window.Asked(step), step); // Monitor knows how many cameras there are
        var percentiles = metric switch { "latency" => view.Split == "none" ? "50,95,99" : "95", "stages" => "50", _ => null };
        return TryAsync(monitor.MetricsAsync(deployment, metric, lines.Window.From, lines.Window.To, lines.Step, percentiles, split, view.Filter.For(metric), cancellationToken));
    }

    Task<MetricsResponse?> AskRegionsAsync(string deployment, TimeWindow window, int step, MetricsView view, CancellationToken cancellationToken)
    {
        var asked = window.Asked(step, bars: true);
        return TryAsync(monitor.MetricsAsync(deployment, "regions", asked.From, asked.To, step, null, "none", view.Filter.For("regions"), cancellationToken));
    }

    /// <summary>Requests have no class: charts about them stay whole when the others are split by class.</summary>
    public static string SplitOf(string metric, string split) =>
        metric is "stages" or "regions" || (split == "class" && metric is not ("detections" or "detectionsPerMinute" or "confidence")) ? "none" : split;
}

using System.Diagnostics;
using System.Net.Http.Json;
using RetrainLoop.Tests.Browser;
using RetrainLoop.Tests.Loop.Stack;
using RetrainLoop.Tests.Testing;

namespace RetrainLoop.Tests.Loop.Exercise;

/// <summary>
/// The exercise that the product is for: rules are set up in the pages, the line misbehaves in four ways, each is seen firing, told to a webhook,
/// linked to its runbook, and resolves when the line is well again.
/// </summary>
public sealed class AlertExerciseTests(Chromium chromium, ITestOutputHelper output) : IClassFixture<Chromium>
{
    const string Latency = "p95 of the line", Drop = "The line sees less", Errors = "Error rate over 1 %", Silence = "No data";
    /// <summary>In ms: a hiccup of a busy machine stays under it, a full queue in front of the only worker does not.</summary>
    const double LeastLimit = 60;
    static readonly TimeSpan Limit = TimeSpan.FromMinutes(4);
    readonly StepTable table = new(TimeProvider.System);

    [Fact]
    public async Task Line_MisbehavesInFourWays_EachFiresIsToldAndResolves()
    {
        _ = chromium.Browser; // skips where there is none
        await using var webhook = await WebhookReceiver.StartAsync();
        await using var stack = await RunningStack.StartAsync(FreePorts.FindBase(), ExerciseSettings.All);
        await using var person = await OperatorAtBrowser.SetUpAsync(chromium, stack);
        double? usual = null;
        await Eventually.TrueAsync(async () => (usual = await UsualLatencyAsync(stack)) is not null, "the line is served", Limit);
        await person.AddWebhookAsync("Exercise", webhook.Url);
        var limit = (int)Math.Max(4 * usual!.Value, LeastLimit);
        await person.AddRuleAsync(Latency, AlertMetric.LatencyP95, "Threshold, ms", $"{limit}", 2, "latency-p95");
        await person.AddRuleAsync(Drop, AlertMetric.DetectionsPerMinute, "Threshold, % of the usual", "50", 2, "detection-drop");
        table.Add("rules set up", $"p95 is {usual.Value:F0} ms, {limit} ms is too much");
        try
        {
            // A fifth: many more than the rule allows, yet far from the half that would be a drop of detections too.
            await LineAsync(stack, new { malformedShare = 0.2 });
            await FiresAsync(Errors, "a fifth of the frames are malformed");
            await LineAsync(stack, new { malformedShare = 0.0 });
            await ResolvesAsync(Errors);

            await LineAsync(stack, new { paused = true });
            await FiresAsync(Drop, "the cameras pause");
            await LineAsync(stack, new { paused = false });
            await ResolvesAsync(Drop);

            // After the pause: until a baseline is locked, the trailing hour says what is usual, and a burst would raise it.
            await LineAsync(stack, new { burst = new { requestsPerSecond = 1000, seconds = 120 } });
            await FiresAsync(Latency, "a burst of 1,000 requests a second");
            await LineAsync(stack, new { burst = new { requestsPerSecond = 0, seconds = 0 } });
            await ResolvesAsync(Latency);

            var inference = stack.File["inference"].Pid!.Value;
            await SignalAsync("STOP", inference);
            await FiresAsync(Silence, "Inference stands still");
            await SignalAsync("CONT", inference);
            await ResolvesAsync(Silence);
        }
        finally
        {
            output.WriteLine(table.ToString());
            output.WriteLine(string.Join('\n', webhook.Received.Select(received => received.Subject)));
        }

        // Each step counts only what is told after it began.
        async Task FiresAsync(string rule, string because)
        {
            var before = webhook.Received.Count;
            var told = await Eventually.NotNullAsync(
                () => Task.FromResult(webhook.Received.Skip(before).FirstOrDefault(received => received.Status == "firing" && received.Rules.Contains(rule))), $"the webhook is told of '{rule}'", Limit);
            Assert.Contains("/alerts/runbooks/", told.Body.GetProperty("text").GetString(), StringComparison.Ordinal);
            await person.SeesFiringWithRunbookAsync(rule);
            table.Add($"{rule} fires", because);
        }

        async Task ResolvesAsync(string rule)
        {
            var before = webhook.Received.Count;
            await Eventually.TrueAsync(() => Task.FromResult(webhook.Received.Skip(before).Any(received => received.Resolved.Contains(rule))), $"the webhook is told that '{rule}' is over", Limit);
            table.Add($"{rule} resolves");
        }
    }

    /// <summary>p95 of the line in ms, of its newest half minute, once it has run for a minute; null before.</summary>
    static async Task<double?> UsualLatencyAsync(RunningStack stack)
    {
        var now = TimeProvider.System.GetUtcNow();
        var metrics = await stack.GetAsync<MetricsResponse>(
            "monitor", $"/v1/deployments/line/metrics?metric=latency&percentiles=95&step=10&from={now.AddMinutes(-2):yyyy-MM-ddTHH:mm:ssZ}&to={now:yyyy-MM-ddTHH:mm:ssZ}");
        var values = metrics!.Series.SelectMany(series => series.Points).Where(point => point.Value is not null).Select(point => point.Value!.Value).ToList();
        return values.Count >= 6 ? values.TakeLast(3).Max() : null;
    }

    static async Task LineAsync(RunningStack stack, object change)
    {
        using var client = stack.Client("simulator");
        using var response = await client.PutAsJsonAsync("/v1/line", change, TestContext.Current.CancellationToken);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    /// <summary>Stops or continues a process of the stack: stopped, it says nothing and is not restarted as one that ended would be.</summary>
    static async Task SignalAsync(string signal, int pid)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{pid}"]);
        await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
    }
}

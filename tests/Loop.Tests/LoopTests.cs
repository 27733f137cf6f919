using System.Globalization;
using System.Net.Http.Json;
using RetrainLoop.Tests.Loop.Stack;

namespace RetrainLoop.Tests.Loop;

/// <summary>One whole pass on the sample line, with nobody at the keyboard: from healthy traffic over drift to a locked new baseline.</summary>
public sealed class LoopTests(ITestOutputHelper output)
{
    static readonly TimeSpan PassLimit = TimeSpan.FromMinutes(20);

    [Fact]
    public async Task Loop_LineDrifts_EndsInALockedBaselineOfABetterModel()
    {
        var table = new StepTable(TimeProvider.System);
        await using var stack = await RunningStack.StartAsync(FreePorts.FindBase(), FastSettings.All);
        table.Add("stack runs", string.Join(", ", stack.File.Resources.Select(resource => resource.Name)));
        try
        {
            await PassAsync(stack, table);
        }
        finally
        {
            table.Write(output);
        }
    }

    static async Task PassAsync(RunningStack stack, StepTable table)
    {
        var first = await BaselineAsync(stack, baseline => baseline.State == BaselineState.Locked, "the first baseline locks");
        table.Add("baseline locked", $"{first.Model}, {first.Requests} requests, {first.Detections} detections");

        await PutAsync(stack, "simulator", "/v1/oracle", new { enabled = true });
        await PutAsync(stack, "simulator", "/v1/line", new { drift = new { light = FastSettings.Light, camera = 0.0, variant = FastSettings.Variant } });
        table.Add("drift switched on", $"light {FastSettings.Light}, variant {FastSettings.Variant}");

        var run = await RunAsync(stack, _ => true, "drift starts a pass of the loop");
        var drift = (await stack.GetAsync<List<DriftReport>>("monitor", "/v1/deployments/line/drift-reports?limit=500"))!.Single(report => report.Id == run.Lineage.DriftReport);
        Assert.Equal(DriftLevel.Drift, drift.Level);
        table.Add("drift detected", string.Join(", ", drift.Signals.Where(signal => signal.Level == DriftLevel.Drift).Select(signal => $"{signal.Signal} KS {F(signal.KsStatistic)}")), run.CreatedAt);

        run = await RunAsync(stack, pass => pass.Stage is "completed" or "failed" or "cancelled" or "waitingForPerson", "the pass ends", PassLimit);
        foreach (var transition in run.Transitions!.Skip(1)) table.Add(transition.To, transition.Reason, transition.At);
        Assert.True(run.Stage == "completed", $"The pass ended in {run.Stage}: {run.Question} {run.Transitions![^1].Reason}\n{table}");

        await Lineage.AssertBothWaysAsync(stack, run, drift);
        await AssertBetterAsync(stack, run, table);
        Assert.True(run.FinishedAt - run.CreatedAt < PassLimit);
    }

    static async Task AssertBetterAsync(RunningStack stack, LoopRunView run, StepTable table)
    {
        var report = (await stack.GetAsync<ValidationReport>("monitor", $"/v1/validations/{run.Lineage.Validation}"))!;
        foreach (var (name, pair) in new[] { ("locked holdout", report.LockedHoldout), ("recent frames", report.Recent) })
            table.Add($"mAP on {name}", $"{F(pair.Champion)} -> {F(pair.Candidate)} (difference {F(pair.Difference)}, 95 % [{F(pair.Low)}, {F(pair.High)}], {pair.Images} images)");
        foreach (var measured in run.Lineage.Measurements)
            table.Add($"mAP of {measured.Model}", $"{F(measured.MeanAveragePrecision)} on {measured.Dataset} ({measured.Purpose})");

        Assert.Equal(Verdict.Passed, report.Judgement.Verdict);
        Assert.True(report.Recent.Low > 0, $"The recent interval starts at {report.Recent.Low}.");
        Assert.True(report.Recent.Difference > 0.05, $"On drifted frames mAP rose by {report.Recent.Difference} only.");
        Assert.True(report.LockedHoldout.Difference > 0, $"On the locked holdout mAP changed by {report.LockedHoldout.Difference}.");
        Assert.True(run.Lineage.GrownHoldout!.Images > run.Lineage.LockedHoldout!.Images, "The locked holdout grew.");
    }

    static async Task<BaselineInfo> BaselineAsync(RunningStack stack, Func<BaselineInfo, bool> condition, string what) => await Eventually.NotNullAsync(
        async () => (await stack.GetAsync<List<BaselineInfo>>("monitor", "/v1/deployments/line/baselines"))!.FirstOrDefault(condition), what, TimeSpan.FromMinutes(6));

    static async Task<LoopRunView> RunAsync(RunningStack stack, Func<LoopRunView, bool> condition, string what, TimeSpan? limit = null) => await Eventually.NotNullAsync(
        async () =>
        {
            var latest = (await stack.GetAsync<List<LoopRunView>>("web", "/v1/loop-runs?deployment=line&limit=1"))!.FirstOrDefault();
            return latest is not null && condition(latest) ? await stack.GetAsync<LoopRunView>("web", $"/v1/loop-runs/{latest.Id}") : null;
        }, what, limit ?? TimeSpan.FromMinutes(6));

    static async Task PutAsync(RunningStack stack, string service, string path, object body)
    {
        using var client = stack.Client(service);
        using var response = await client.PutAsJsonAsync(path, body);
        Assert.True(response.IsSuccessStatusCode, $"PUT {path}: {response.StatusCode} {await response.Content.ReadAsStringAsync()}");
    }

    static string F(double value) => value.ToString("F3", CultureInfo.InvariantCulture);
}

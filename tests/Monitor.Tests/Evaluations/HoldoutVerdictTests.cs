using Microsoft.Extensions.Options;
using RetrainLoop.Monitor.Baselines;
using RetrainLoop.Monitor.Diagnoses;
using RetrainLoop.Monitor.Drift;
using RetrainLoop.Monitor.Evaluations;
using RetrainLoop.Monitor.Hosting;
using RetrainLoop.Monitor.Statistics;
using RetrainLoop.Monitor.Telemetry;
using RetrainLoop.Tests.Monitor.Alerts;

namespace RetrainLoop.Tests.Monitor.Evaluations;

/// <summary>Alerts, the holdout page and diagnoses say the same of the live holdout.</summary>
public sealed class HoldoutVerdictTests(PostgresServer postgres) : AlertLine(postgres)
{
    const int Images = 60;

    /// <summary>Found before it was written: the alert took the two intervals for independent and called noise what the page, which pairs, called certain.</summary>
    [Fact]
    public async Task Verdict_FallsOnTheSameImages_IsOneForAlertPageAndDiagnosis()
    {
        var scored = new List<EvaluationInfo> { await ScoreAsync(found: 50) };
        await ExecuteAsync(
            """
            insert into baselines (id, key, deployment, model_name, model_version, state, window_from, counted_until, locked_at, mean_average_precision, content)
            values (gen_random_uuid(), 'b', 'line', 'line', 1, 'locked', @now, @now, @now, @map, @content::jsonb)
            """,
            new { now = Time.GetUtcNow(), map = scored[0].Stats[0], content = Documents.Write(new BaselineContent(1, [], 120, 2, null)) });
        foreach (var found in new[] { 48, 46, 44 })
        {
            Time.Advance(TimeSpan.FromDays(7));
            scored.Add(await ScoreAsync(found));
        }
        Assert.False(HoldoutChanges.Independent(scored[0].ToPoint(), scored[^1].ToPoint()).ExcludesNoise, "else this shows nothing");

        await Evaluator.RunOnceAsync(default);
        var holdouts = NewHoldoutReader(Time);
        var page = (await holdouts.ReadAsync(Batches.Deployment(), 26, 0.02, default)).Verdict;
        var diagnosis = await new DiagnosisEvaluator(Database, holdouts, Options.Create(new DiagnosisOptions()), Options.Create(new DriftOptions()),
            Options.Create(new TelemetryOptions()), Nudge, Time).EvaluateAsync(Batches.Deployment(), DiagnosisOccasion.Asked, default);

        Assert.Equal((true, true, Images), (page.Dropped, page.Downtrend, page.SinceLock!.Images));
        Assert.Contains("excludes noise", page.Summary, StringComparison.Ordinal);
        Assert.Equal((AlertState.Firing, AlertState.Firing), ((await FindAsync("Live-holdout mAP dropped")).State, (await FindAsync("Live-holdout mAP falls")).State));
        Assert.EndsWith(page.Summary, (await FindAsync("Live-holdout mAP dropped")).Summary, StringComparison.Ordinal);
        var check = diagnosis.Evidence.Single(check => check.Name == "liveHoldoutMap");
        Assert.Equal((Verdict.Failed, page.Summary, page.AtLock), (check.Verdict, check.Detail, check.Reference));
        Assert.Equal(DiagnosisAction.Retrain, diagnosis.Action);
    }

    /// <summary>Saves an evaluation of a model that finds the first so many objects, now.</summary>
    async Task<EvaluationInfo> ScoreAsync(int found)
    {
        var images = Enumerable.Range(1, Images).ToList();
        var (truth, detections) = (OneObjectImages.Truth(images), OneObjectImages.Found(images, id => id <= found));
        var matches = CocoMatches.Compute(truth, detections);
        var score = CocoEvaluator.Score(matches);
        var interval = Bootstrap.Interval(Images, draws => CocoEvaluator.MeanAveragePrecision(matches, draws), 1000, 1)!.Value;
        var evaluation = new EvaluationInfo(Guid.NewGuid(), $"{Time.GetUtcNow():O}", "line", Batches.Model, new DatasetRef("live", 1), "live-holdout", score.Stats,
            interval.Low, interval.High, score.PerCategory, Images, Images, found, Time.GetUtcNow());
        return await EvaluationStore.SaveAsync(Database, evaluation, CocoDetails.Of(truth, detections, matches, score), matches, default);
    }
}

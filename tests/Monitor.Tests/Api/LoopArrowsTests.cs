using System.Net;
using Microsoft.AspNetCore.Mvc;

namespace RetrainLoop.Tests.Monitor.Api;

/// <summary>What a pass of the loop asks of Monitor, in its order.</summary>
public sealed class LoopArrowsTests(PostgresServer postgres, RedisServer redis) : MonitorService(postgres, redis)
{
    static readonly ModelRef Candidate = new("line", 2);

    [Fact]
    public async Task Pass_TelemetryToBaselineToDriftToDiagnosisToVerdict_EachArrowHolds()
    {
        await PublishAsync(Batches.Deployment());
        var request = new BaselineRequest("initial:line:line:1", Batches.Model);
        var baseline = await PostAsync<BaselineInfo>("/v1/deployments/line/baselines", request);
        Assert.Equal(baseline.Id, (await PostAsync<BaselineInfo>("/v1/deployments/line/baselines", request)).Id);
        Assert.Contains("no locked baseline", (await PostAsync<ProblemDetails>("/v1/deployments/line/drift-reports", null, HttpStatusCode.Conflict)).Detail, StringComparison.Ordinal);

        await PlayAsync(TimeSpan.FromMinutes(2));
        var locked = await LockedAsync();
        Assert.Equal((480, 960, 1.0), (locked.Requests, locked.Detections, locked.Progress));

        var empty = await PostAsync<DriftReport>("/v1/deployments/line/drift-reports", new { });
        Assert.Equal(DriftLevel.Inconclusive, empty.Level);

        await PlayAsync(TimeSpan.FromMinutes(2));
        Assert.Equal(DriftLevel.Stable, (await EvaluateDriftAsync()).Level);
        Assert.Equal(DiagnosisAction.Healthy, (await PostAsync<Diagnosis>("/v1/deployments/line/diagnoses", null)).Action);

        await PlayAsync(TimeSpan.FromMinutes(2), confidence: 0.5);
        var report = await EvaluateDriftAsync();
        Assert.Equal(DriftLevel.Drift, report.Level);
        Assert.Equal(DriftLevel.Stable, report.Signals.Single(signal => signal.Signal == "boxArea").Level);
        var ratios = report.LikelihoodRatios!.Signals["confidence"];
        Assert.True(ratios[SignalBins.Confidence.IndexOf(0.5)] > 1 && ratios[SignalBins.Confidence.IndexOf(0.8)] < -1);
        var diagnosis = await PostAsync<Diagnosis>("/v1/deployments/line/diagnoses", new { occasion = "daily" });
        Assert.Equal((DiagnosisAction.LabelFirst, report.From, DiagnosisOccasion.Daily), (diagnosis.Action, diagnosis.Since, diagnosis.Occasion));
        Assert.Contains(diagnosis.Carriers, carrier => carrier is { Dimension: "camera", Name: "cam-1", Share: 1 });
        Assert.Equal([DiagnosisStepKind.Label, DiagnosisStepKind.SampleFrames, DiagnosisStepKind.OpenRunbook], diagnosis.Actions.Select(step => step.Kind));
        Assert.StartsWith("# ", await Client.GetStringAsync($"/v1/runbooks/{diagnosis.Actions[^1].Target}"), StringComparison.Ordinal);
        Time.Advance(TimeSpan.FromMilliseconds(10));
        var again = await PostAsync<Diagnosis>("/v1/deployments/line/diagnoses", new { });
        Assert.Equal(diagnosis.MadeAt, again.UnchangedSince);
        await DistributionsAsync(report);

        await PostAsync<BaselineInfo>("/v1/deployments/line/baselines", new BaselineRequest("next", Batches.Model));
        await PlayAsync(TimeSpan.FromMinutes(2), confidence: 0.5);
        await Eventually.TrueAsync(async () =>
        {
            Time.Advance(TimeSpan.FromSeconds(1));
            return (await GetAsync<List<BaselineInfo>>("/v1/deployments/line/baselines")).Select(info => info.State)
                .SequenceEqual([BaselineState.Locked, BaselineState.Superseded]);
        }, "the next baseline locks and supersedes the first");

        var summary = await GetAsync<DeploymentSummary>("/v1/deployments/line/summary");
        Assert.Equal((4, 2, 480), (summary.RequestsPerSecond, summary.DetectionsPerRequest, summary.DetectionsPerMinute));
        Assert.Equal((1.0, again.Id), (summary.RegionShares["berlin"], summary.Diagnosis?.Id));
    }

    async Task DistributionsAsync(DriftReport report)
    {
        var path = $"/v1/deployments/line/drift-reports/{report.Id}/distributions";
        var confidence = await GetAsync<SignalDistributions>($"{path}?signal=confidence&camera=cam-1&class=nut");
        Assert.Equal((101, 100, 100), (confidence.Edges.Count, confidence.Baseline.Count, confidence.Current.Count));
        Assert.Equal((1.0, 1.0), (Math.Round(confidence.Baseline.Sum(), 9), Math.Round(confidence.Current.Sum(), 9)));
        Assert.True(confidence.Baseline.Skip(75).Sum() > 0.99 && confidence.Current.Skip(45).Take(11).Sum() > 0.4, "Confidences were 0.8 and are 0.5 in part.");
        Assert.Equal(0, (await GetAsync<SignalDistributions>($"{path}?signal=boxArea&camera=elsewhere")).CurrentCount);
        Assert.Equal(["nut"], (await GetAsync<SignalDistributions>($"{path}?signal=classMix")).Names!);
        Assert.Equal(HttpStatusCode.BadRequest, (await Client.GetAsync($"{path}?signal=mood")).StatusCode);
        var week = Assert.Single(await GetAsync<List<DriftWeek>>("/v1/deployments/line/drift-weeks?signal=boxArea&weeks=4"));
        Assert.Equal((new DateOnly(2026, 11, 23), 0.05), (week.Week, week.DistanceThreshold));
        Assert.Empty(await GetAsync<List<DriftReport>>($"/v1/deployments/line/drift-reports?to={Start:yyyy-MM-ddTHH:mm:ssZ}"));
    }

    [Fact]
    public async Task RolloutAnalysis_CandidateBesideChampion_JudgesTheStep()
    {
        await PublishAsync(Batches.Deployment());
        IReadOnlyList<SeriesSecond> traffic = [.. Enumerable.Range(0, 30).SelectMany(i => new[]
        {
            Batches.Second(Start.AddSeconds(i), 5), Batches.Second(Start.AddSeconds(i), 5, confidence: 0.9, model: Candidate, slot: ModelSlot.Shadow),
        }), .. Enumerable.Range(30, 10).Select(i => Batches.Second(Start.AddSeconds(i), 5, model: Candidate, slot: ModelSlot.Candidate))];
        Time.Advance(TimeSpan.FromSeconds(40));
        await PostAsync<TelemetryAck>("/v1/telemetry", Batches.Batch(1, Start.AddSeconds(40), traffic));
        var request = new RolloutAnalysisRequest(Guid.NewGuid(), Candidate, Batches.Model, ModelSlot.Shadow, Start, Start.AddSeconds(30), 100);
        await Eventually.TrueAsync(async () =>
        {
            Time.Advance(TimeSpan.FromSeconds(1));
            return (await PostAsync<Judgement>("/v1/deployments/line/rollout-analyses", request)).Verdict == Verdict.Passed;
        }, "the step passes");
        // At 100 % the champion serves nothing any more: its newest traffic before the step stands in.
        var afterwards = request with { CandidateSlot = ModelSlot.Candidate, From = Start.AddSeconds(30), To = Start.AddSeconds(40), MinimumRequests = 50 };
        var sample = (await PostAsync<Judgement>("/v1/deployments/line/rollout-analyses", afterwards)).Evidence.Single(check => check.Name == "sample");
        Assert.Equal((Verdict.Passed, 50.0), (sample.Verdict, sample.Observed));
        var demanding = request with { MinimumRequests = 1000 };
        Assert.Equal(Verdict.Inconclusive, (await PostAsync<Judgement>("/v1/deployments/line/rollout-analyses", demanding)).Verdict);
    }

    [Fact]
    public async Task Validation_ArtifactsFromNeighbours_AreFetchedScoredAndKeptOnce()
    {
        await PublishAsync(Batches.Deployment());
        var (truth, good, poor) = HoldoutSet.Make(images: 40);
        var groundTruth = Neighbours.Add("labeling", "v1/datasets/recent/versions/1/ground-truth", truth);
        var (candidate, champion) = (Neighbours.AddArtifact(good), Neighbours.AddArtifact(poor));
        var pair = new PairedDetections(new DatasetRef("recent", 1), groundTruth, candidate, champion);
        var request = new ValidationRequest("run-1", "line", Candidate, Batches.Model, pair, pair);
        var report = await PostAsync<ValidationReport>("/v1/validations", request);
        Assert.Equal(Verdict.Passed, report.Judgement.Verdict);
        Assert.Equal(1, report.Recent.Candidate, 1e-9);
        Assert.Equal(report.Id, (await PostAsync<ValidationReport>("/v1/validations", request)).Id);
        Assert.Equal(report.Id, (await GetAsync<ValidationReport>($"/v1/validations/{report.Id}")).Id);

        var evaluation = await PostAsync<EvaluationInfo>("/v1/evaluations",
            new EvaluationRequest("e1", Candidate, new DatasetRef("recent", 1), groundTruth, candidate, "live-holdout", "line"));
        Assert.Equal((40, 80), (evaluation.Images, evaluation.Objects));
        Assert.Equal(evaluation.Id, Assert.Single(await GetAsync<List<EvaluationInfo>>("/v1/deployments/line/evaluations?purpose=live-holdout")).Id);

        var details = await GetAsync<EvaluationDetails>($"/v1/evaluations/{evaluation.Id}/details");
        Assert.Equal((1.0, 40, 80), (details.Best!.F1, details.Images.Count, details.Confusion.Counts[0][0]));
        Time.Advance(TimeSpan.FromDays(7));
        await PostAsync<EvaluationInfo>("/v1/evaluations", new EvaluationRequest("e3", Candidate, new DatasetRef("recent", 2), groundTruth, champion, "live-holdout", "line"));
        var history = await GetAsync<HoldoutHistory>("/v1/deployments/line/holdout?weeks=10&width=0.1");
        Assert.Equal([1.0, 0.5], history.Curves[0].Points.Select(point => Math.Round(point.MeanAveragePrecision, 1)));
        Assert.False(history.Missed);
        Time.Advance(TimeSpan.FromDays(9));
        Assert.True((await GetAsync<HoldoutHistory>("/v1/deployments/line/holdout")).Missed);

        var incomplete = Neighbours.AddArtifact(good with { Images = [.. good.Images.Skip(3)] });
        var problem = await PostAsync<ProblemDetails>("/v1/evaluations",
            new EvaluationRequest("e2", Candidate, new DatasetRef("recent", 1), groundTruth, incomplete, "recent"), HttpStatusCode.UnprocessableEntity);
        Assert.Contains("lack 3 of the dataset's 40 images", problem.Detail, StringComparison.Ordinal);
    }
}

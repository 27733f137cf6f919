using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace RetrainLoop.Tests.Browser.Fakes;

/// <summary>Sampled frames of the line by time and camera, and a model compared on them.</summary>
public sealed class FakeSamples(FakeLine line, FakeLabeling pictures)
{
    static readonly Guid Running = Guid.NewGuid();

    public static readonly Guid Finished = Guid.NewGuid();

    public ConcurrentQueue<ComparisonRequest> Started { get; } = [];
    public ConcurrentQueue<SamplingPolicy> Sampled { get; } = [];
    public bool Cancelled { get; private set; }
    /// <summary>Refuses to show a comparison, as a service that does not know the keys yet.</summary>
    public bool Away { get; set; }
    /// <summary>Answers to comparisons from this confidence on wait for it.</summary>
    public (double Confidence, TaskCompletionSource Gate)? Held { get; set; }

    internal void Map(WebApplication app)
    {
        app.MapGet("/v1/deployments/{name}/frames/between", (DateTimeOffset from, DateTimeOffset to, string? camera, SampleReason? reason) =>
            Enumerable.Range(0, reason is null or SampleReason.Random or SampleReason.EmbeddingOnly ? 9 : 0)
                .Select(index => Frame(index + (to > line.Now.AddHours(-3) ? 20 : 0), from + (to - from) * (index / 9.0), camera) with { Reason = reason ?? SampleReason.Random }));
        app.MapGet("/v1/frames/{id:guid}", (Guid id) => Frame(BitConverter.ToInt32(id.ToByteArray()), line.Now, null));
        app.MapPut("/v1/deployments/{name}/sampling", (string name, SamplingPolicy policy) =>
        {
            Sampled.Enqueue(policy);
            var now = line.Deployment(name);
            line.Settings[name] = line.Settings.GetValueOrDefault(name, new DeploymentRequest(now.Champion.Name, now.Champion.Version)) with { Sampling = policy };
            return line.Deployment(name);
        });
        app.MapGet("/v1/comparisons", () => new[] { Comparison(Running), Comparison(Finished) });
        app.MapGet("/v1/comparisons/{id:guid}", async (Guid id, double? conf) =>
        {
            if (Held is { } held && held.Confidence == conf) await held.Gate.Task;
            return Away ? Results.StatusCode(403) : Results.Ok(new ComparisonDetail(Comparison(id), id == Finished ? [.. Enumerable.Range(0, 14).Select(index => Compared(index, conf ?? 0.25))] : []));
        });
        app.MapPost("/v1/comparisons", (ComparisonRequest request) =>
        {
            Started.Enqueue(request);
            return Comparison(Running);
        });
        app.MapPost("/v1/comparisons/{id:guid}/cancel", (Guid id) =>
        {
            Cancelled = true;
            return Comparison(id);
        });
    }

    public static Guid IdOf(int seed) => new(seed, 0, 0, new byte[8]);

    SampledFrame Frame(int seed, DateTimeOffset at, string? camera)
    {
        var (jpeg, sha256, seen) = FakeFrames.Draw(seed);
        return new SampledFrame(
            IdOf(seed), FakeLine.Name, $"f-{seed}", "munich", camera ?? $"munich-cam-{1 + seed % 3}", at, SampleReason.Random, FakeLine.Champion,
            pictures.Keep(jpeg, sha256, "inference"), FakeFrames.Width, FakeFrames.Height, seen, null, new ImageStatistics(112, 41, 220), at);
    }

    ComparisonInfo Comparison(Guid id)
    {
        var finished = id == Finished;
        return new ComparisonInfo(
            id, FakeLine.Name, FakeLine.Candidate, FakeLine.Champion, line.Now.AddDays(-7), line.Now,
            finished ? DetectionJobState.Succeeded : Cancelled ? DetectionJobState.Cancelled : DetectionJobState.Running, 200, 400,
            finished ? 400 : 148, finished ? 1_112 : null, finished ? 94 : null, finished ? 37 : null, null, line.Now.AddSeconds(-52), finished || Cancelled ? line.Now.AddSeconds(-4) : null);
    }

    ComparedFrame Compared(int index, double confidence)
    {
        var frame = Frame(index + 40, line.Now.AddHours(-5 * index), null);
        var differs = index < 8;
        IReadOnlyList<Detection> champion = differs ? [.. frame.Detections.Skip(index % 2 + 1)] : frame.Detections;
        IReadOnlyList<Detection> model = [.. frame.Detections.Select(seen => seen with { X = seen.X + 2, Confidence = MathF.Min(0.98f, seen.Confidence + 0.1f) })];
        (champion, model) = ([.. champion.Where(seen => seen.Confidence >= confidence)], [.. model.Where(seen => seen.Confidence >= confidence)]);
        return new ComparedFrame(
            frame.Id, frame.Region, frame.Camera, frame.CapturedAt, frame.Image, frame.Width, frame.Height, model, champion, champion.Count, model.Count - champion.Count, 0);
    }
}

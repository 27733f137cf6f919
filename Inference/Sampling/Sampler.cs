using System.Collections.Concurrent;
using RetrainLoop.Inference.Deployments;
using RetrainLoop.Inference.Execution;
using RetrainLoop.Inference.Requests;

namespace RetrainLoop.Inference.Sampling;

/// <summary>A frame that shall be kept; its bytes are retained until it was written.</summary>
sealed record KeptFrame(FrameBytes Bytes, SampledFrame Frame, RequestOrigin Request);

/// <summary>Looks at each answered frame on the hot path and hands the few that are kept to <see cref="FrameKeeper"/>.</summary>
sealed class Sampler(FrameKeeper keeper, Replicas replicas, TimeProvider time)
{
    static readonly ArtifactRef NotStoredYet = new("", "", 0);
    readonly ConcurrentDictionary<(string Deployment, string Camera), CameraSampling> cameras = [];

    /// <param name="bench">Holds the frame's embedding.</param>
    public void Consider(DeploymentInfo deployment, in FrameContent content, in RequestOrigin request, FrameBytes bytes, Workbench bench)
    {
        var source = request.Source;
        var now = time.GetUtcNow();
        var rule = SamplingRules.ReasonOf(deployment.Sampling, content, deployment.OperatingPoint, now);
        var camera = cameras.GetOrAdd((deployment.Name, source.Camera), _ => new CameraSampling(new Random()));
        if (camera.Decide(deployment.Sampling, rule, replicas.Count, !bench.Embedding.IsEmpty, now) is not { } reason) return;
        keeper.Keep(new KeptFrame(bytes, new SampledFrame(
            Guid.CreateVersion7(now), deployment.Name, source.FrameId, source.Region, source.Camera, source.CapturedAt, reason, content.Model,
            NotStoredYet, content.Width, content.Height, content.Detections, bench.Embedding.IsEmpty ? null : bench.Embedding.ToArray(),
            content.Statistics, now), request));
    }
}

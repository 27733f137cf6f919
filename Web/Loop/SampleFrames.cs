using Microsoft.Extensions.Options;
using RetrainLoop.Web.Loop.Feeds;
using RetrainLoop.Web.Stack;

namespace RetrainLoop.Web.Loop;

/// <summary>Inference's sampled frames -> Labeling, which takes each in once.</summary>
public sealed class SampleFrames(ArrowLock turns, Feed feed, LabelingClient labeling, IOptions<LoopOptions> options) : Arrow(turns)
{
    public static readonly IReadOnlyList<string> Kinds = [ChangeKinds.FrameSampled];

    protected override async Task<string> TurnAsync(CancellationToken cancellationToken)
    {
        int accepted = 0, known = 0, refused = 0;
        while (true)
        {
            var page = await feed.ReadAsync("inference", Name, Kinds, options.Value.SampleBatch, cancellationToken);
            if (page.Changes.Count == 0) return $"{accepted} frames taken in, {known} known before, {refused} refused.";
            var result = await labeling.TakeSamplesAsync(new SampleIntake([.. page.Changes.Select(change => change.Read<SampledFrame>())]), cancellationToken);
            await feed.AdvanceAsync("inference", Name, page.Next, cancellationToken);
            (accepted, known, refused) = (accepted + result.Accepted, known + result.Known, refused + result.Refused.Count);
        }
    }
}

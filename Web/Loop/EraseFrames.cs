using RetrainLoop.Web.Loop.Feeds;
using RetrainLoop.Web.Stack;

namespace RetrainLoop.Web.Loop;

/// <summary>Frames that were erased in Labeling -> Inference, which erases what it still keeps of them.</summary>
public sealed class EraseFrames(ArrowLock turns, Feed feed, InferenceClient inference) : Arrow(turns)
{
    public static readonly IReadOnlyList<string> Kinds = [ChangeKinds.FrameErased];
    const int PageSize = 100;

    protected override async Task<string> TurnAsync(CancellationToken cancellationToken)
    {
        int erased = 0, unknown = 0;
        while (true)
        {
            var page = await feed.ReadAsync("labeling", Name, Kinds, PageSize, cancellationToken);
            if (page.Changes.Count == 0) return $"{erased} frames erased, {unknown} not there any more.";
            foreach (var frame in page.Changes.Select(change => change.Read<FrameErased>().Frame).Distinct())
                if (await inference.EraseFrameAsync(frame, cancellationToken)) erased++;
                else unknown++;
            await feed.AdvanceAsync("labeling", Name, page.Next, cancellationToken);
        }
    }
}

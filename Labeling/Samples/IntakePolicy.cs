using RetrainLoop.Labeling.Deployments;

namespace RetrainLoop.Labeling.Samples;

/// <summary>What is already held that looks like a new frame.</summary>
/// <param name="Erased">The same bytes were erased on request.</param>
/// <param name="HeldAs">The side on which a dataset holds the same bytes.</param>
/// <param name="NearFrame">A frame of the same camera and time looks the same.</param>
/// <param name="NearEvaluation">A picture of an evaluation set looks the same.</param>
public sealed record Lookalikes(bool Erased, FrameSide? HeldAs, bool NearFrame, bool NearEvaluation);

/// <summary>
/// Which frames are taken in; those kept for the drift of embeddings alone never are.
/// <para>Evaluation needs an unbiased sample: random frames alone, and none of them dropped because something looks like it. A near duplicate of
/// a rule-sampled frame says that the scene is frequent, which is just what the holdout must show.</para>
/// <para>Training needs no unbiased sample: a training-side frame is dropped as a near duplicate of anything, random ones included, since a
/// second copy teaches nothing; and it is dropped when an evaluation set holds the picture or its double, since that would leak.</para>
/// <para>The one thing that beats the unbiased sample is the very same bytes on the training side, as a camera that hangs sends them.</para>
/// </summary>
public static class IntakePolicy
{
    /// <summary>The reason for which a frame is refused before its bytes are looked at, or null.</summary>
    public static string? RefuseByPlace(SampleReason reason, FrameSide side) => (reason, side) switch
    {
        (SampleReason.EmbeddingOnly, _) => "It was kept for the drift of embeddings alone.",
        (SampleReason.Random, _) or (_, FrameSide.Training) => null,
        _ => "It was picked by a rule in a slot that is kept for evaluation, where random frames alone are unbiased and none may be trained on.",
    };

    /// <summary>The reason for which a frame is refused by its likeness to what is held, or null.</summary>
    public static string? RefuseByLikeness(FrameSide side, Lookalikes held) => held switch
    {
        { Erased: true } => "The same picture was erased on request.",
        { HeldAs: FrameSide.Training } when side == FrameSide.Evaluation => "A training set holds the same picture, so that it cannot evaluate.",
        { HeldAs: FrameSide.Evaluation } when side == FrameSide.Training => "A holdout holds the same picture, so that it must not be trained on.",
        { NearEvaluation: true } when side == FrameSide.Training => "A holdout holds a picture that looks the same, so that it must not be trained on.",
        { NearFrame: true } when side == FrameSide.Training => "It is a near duplicate of another frame of its camera.",
        _ => null,
    };
}

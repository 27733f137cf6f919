using RetrainLoop.Labeling.Deployments;
using RetrainLoop.Labeling.Samples;

namespace RetrainLoop.Tests.Labeling.Samples;

public sealed class IntakePolicyTests
{
    [Theory]
    [InlineData(SampleReason.Random, FrameSide.Training, null)]
    [InlineData(SampleReason.Random, FrameSide.Evaluation, null)]
    [InlineData(SampleReason.Class, FrameSide.Training, null)]
    [InlineData(SampleReason.Class, FrameSide.Evaluation, "random frames alone")]
    [InlineData(SampleReason.EmbeddingOnly, FrameSide.Training, "drift of embeddings alone")]
    [InlineData(SampleReason.EmbeddingOnly, FrameSide.Evaluation, "drift of embeddings alone")]
    public void RefuseByPlace_ReasonAndSide_SaysWhy(SampleReason reason, FrameSide side, string? says)
    {
        var refusal = IntakePolicy.RefuseByPlace(reason, side);
        Assert.Equal(says is null, refusal is null);
        if (says is not null) Assert.Contains(says, refusal, StringComparison.Ordinal);
    }
}

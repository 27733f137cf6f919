using RetrainLoop.Inference.Predict;

namespace RetrainLoop.Tests.Inference.Predict;

public sealed class PredictFileTests
{
    [Fact]
    public void Of_NameWithNul_ReplacesIt() => Assert.Equal("ga\uFFFDte.jpg", PredictFile.Of("ga\0te.jpg", default!).File);
}

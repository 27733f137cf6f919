using Microsoft.ML.OnnxRuntime;
using RetrainLoop.Inference.Execution;
using RetrainLoop.Inference.Models;

namespace RetrainLoop.Tests.Inference.Execution;

public sealed class GrayFrameTests
{
    [Fact]
    public void Run_NetworkThatNeverAnswers_IsEndedAndRefused()
    {
        using var session = new InferenceSession(TinyModel.Create(products: 20_000));
        using var frame = new GrayFrame(DetectorInput.Of(session, null), 1);
        var refusal = Assert.Throws<UnservableModelException>(() => frame.Run(session, TimeSpan.FromMilliseconds(50)).Dispose());
        Assert.Contains("within 0.1 s", refusal.Message); // rounded
    }
}

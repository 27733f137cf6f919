using System.ComponentModel.DataAnnotations;
using RetrainLoop.Inference.Predict;

namespace RetrainLoop.Tests.Inference.Predict;

public sealed class PredictOptionsTests
{
    [Theory]
    [InlineData(null, 256, 512)]
    [InlineData(null, 16, 512)]
    [InlineData(null, 400, 800)]
    [InlineData(512, 256, 512)]
    [InlineData(511, 256, null)] // one request might never fit
    public void MaxBytesInFlight_OfSettings_HasRoomForARequest(int? inFlight, int request, int? expected)
    {
        var options = new PredictOptions { MaxMegabytesInFlight = inFlight, MaxRequestMegabytes = request };
        var wrong = options.Validate(new ValidationContext(options)).ToList();
        if (expected is null) Assert.Contains("Predict:MaxMegabytesInFlight", Assert.Single(wrong).ErrorMessage);
        else
        {
            Assert.Empty(wrong);
            Assert.Equal(expected * 1_000_000L, options.MaxBytesInFlight);
        }
    }
}

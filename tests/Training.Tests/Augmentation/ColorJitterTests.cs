using RetrainLoop.Training.Augmentation;

namespace RetrainLoop.Tests.Training.Augmentation;

public sealed class ColorJitterTests
{
    [Theory]
    [InlineData(1.0 / 3, 1, 1, 200, 0, 0, 0, 200, 0)] // a third of the wheel: red to green
    [InlineData(-1.0 / 3, 1, 1, 0, 200, 0, 200, 0, 0)]
    [InlineData(0, 0, 1, 200, 100, 50, 200, 200, 200)] // no saturation: grey of the same value
    [InlineData(0, 1, 0.5, 200, 100, 50, 100, 50, 25)]
    [InlineData(0, 1, 2, 250, 50, 0, 255, 51, 0)] // clamped at white
    [InlineData(0.3, 1.5, 1, 90, 90, 90, 90, 90, 90)] // grey has no hue
    public void Apply_Color_IsTurnedInHueSaturationValue(double turn, double saturation, double value, byte r, byte g, byte b, byte toR, byte toG, byte toB)
    {
        byte[] pixels = [r, g, b];
        new ColorJitter(turn, saturation, value).Apply(pixels);
        Assert.Equal([toR, toG, toB], pixels);
    }
}

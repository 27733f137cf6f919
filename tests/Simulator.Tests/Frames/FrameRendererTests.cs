using RetrainLoop.Simulator.Frames;
using RetrainLoop.Simulator.Scenes;

namespace RetrainLoop.Tests.Simulator.Frames;

public sealed class FrameRendererTests
{
    static FrameId Frame(int number, Drift? drift = null) => new(LineCamera.All[number % 4].Name, 11, number, drift ?? Drift.None);

    [Fact]
    public void Jpeg_SameId_GivesSameBytesAndBoxes()
    {
        for (var number = 0; number < 4; number++)
        {
            var frame = Frame(number, new Drift(0.3, 0.2, 0.5));
            Assert.Equal(FrameRenderer.Jpeg(frame), FrameRenderer.Jpeg(frame));
            Assert.Equal(Truth.OfFrame(frame.ToString())!.Boxes, Truth.OfFrame(frame.ToString())!.Boxes);
            Assert.NotEqual(FrameRenderer.Jpeg(frame), FrameRenderer.Jpeg(frame with { Number = number + 4 }));
        }
    }

    [Fact]
    public void Draw_StrongerLightDrift_IsDarkerEachStep()
    {
        for (var camera = 0; camera < 4; camera++)
        {
            var brightness = Enumerable.Range(0, 6).Select(step => Brightness(Frame(camera, new Drift(Light: step / 5.0)))).ToList();
            Assert.Equal(brightness.OrderDescending(), brightness);
            Assert.True(brightness[^1] < 0.6 * brightness[0], $"{brightness[^1]:F1} is not much darker than {brightness[0]:F1}.");
        }
    }

    [Fact]
    public void Scene_StrongerVariantDrift_HasMorePartsOfTheVariant()
    {
        var shares = Enumerable.Range(0, 5).Select(step => Enumerable.Range(0, 60)
            .SelectMany(number => Scene.Of(Frame(number, new Drift(Variant: step / 5.0))).Parts).Average(part => part.Variant ? 1.0 : 0)).ToList();
        Assert.Equal(0, shares[0]);
        Assert.Equal(shares.Order(), shares);
        Assert.InRange(shares[4], 0.95, 1);
    }

    [Fact]
    public void Scene_LightDriftAlone_KeepsTheBoxes()
    {
        for (var number = 0; number < 8; number++)
            Assert.Equal(Truth.Of(Scene.Of(Frame(number))).Boxes, Truth.Of(Scene.Of(Frame(number, new Drift(Light: 0.8)))).Boxes);
    }

    static double Brightness(FrameId frame)
    {
        using var bitmap = FrameRenderer.Draw(Scene.Of(frame));
        double sum = 0;
        var pixels = bitmap.GetPixelSpan();
        for (var i = 0; i < pixels.Length; i += 4) sum += pixels[i] + pixels[i + 1] + pixels[i + 2];
        return sum / (pixels.Length / 4 * 3);
    }
}

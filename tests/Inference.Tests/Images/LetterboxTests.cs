using System.Text.Json;
using RetrainLoop.Inference.Images;

namespace RetrainLoop.Tests.Inference.Images;

public sealed class LetterboxTests
{
    [Fact]
    public void Fit_GoldenSizes_GiveUltralyticsGeometry()
    {
        using var golden = JsonDocument.Parse(File.ReadAllText(GoldenFolder.Shared("boxes", "cases.json")));
        var cases = golden.RootElement.GetProperty("letterbox").GetProperty("cases").EnumerateArray().ToList();
        Assert.NotEmpty(cases);
        foreach (var expected in cases)
        {
            int Value(string name) => expected.GetProperty(name).GetInt32();
            var actual = Letterbox.Fit(Value("width"), Value("height"), Value("size"), Value("size"));
            Assert.Equal(expected.GetProperty("ratio").GetDouble(), actual.Ratio, 12);
            if (Value("new_width") == 0 || Value("new_height") == 0) continue; // golden: "too thin, use 1 or refuse"
            Assert.Equal((Value("new_width"), Value("new_height"), Value("pad_left"), Value("pad_top")),
                (actual.Width, actual.Height, actual.Left, actual.Top));
            Assert.Equal(Value("pad_right"), Value("size") - actual.Left - actual.Width);
            Assert.Equal(Value("pad_bottom"), Value("size") - actual.Top - actual.Height);
        }
    }

    [Fact]
    public void Fit_VeryThinPicture_KeepsOnePixel()
    {
        var thin = Letterbox.Fit(5000, 3, 640, 640);
        Assert.Equal((640, 1), (thin.Width, thin.Height));
    }

    [Fact]
    public void ToImage_BoxOverTheBorder_IsCutToThePicture()
    {
        var letterbox = Letterbox.Fit(810, 1080, 640, 640);
        Assert.Equal(new Box(0, 0, 810, 1080), letterbox.ToImage(-5, -5, 700, 700));
    }
}

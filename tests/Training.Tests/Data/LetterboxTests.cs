using System.Text.Json;
using RetrainLoop.Training.Data;

namespace RetrainLoop.Tests.Training.Data;

public sealed class LetterboxTests
{
    [Theory]
    [InlineData(640, 360, 256, 256, 144, 0, 56)]
    [InlineData(360, 640, 256, 144, 256, 56, 0)]
    [InlineData(100, 99, 64, 64, 63, 0, 0)] // the odd pixel of the border goes below
    public void Fit_Image_IsScaledAndCentred(int width, int height, int size, int newWidth, int newHeight, int left, int top) =>
        Assert.Equal(new Letterbox(newWidth, newHeight, left, top), Letterbox.Fit(width, height, size));

    [Fact]
    public void Fit_SharedCases_AreTheGeometryOfServing()
    {
        using var cases = JsonDocument.Parse(File.ReadAllBytes(GoldenFolder.Shared("boxes", "cases.json")));
        foreach (var item in cases.RootElement.GetProperty("letterbox").GetProperty("cases").EnumerateArray())
        {
            int Value(string name) => item.GetProperty(name).GetInt32();
            if (Value("new_width") == 0 || Value("new_height") == 0) continue; // too thin: one pixel is kept
            var expected = new Letterbox(Value("new_width"), Value("new_height"), Value("pad_left"), Value("pad_top"));
            Assert.Equal(expected, Letterbox.Fit(Value("width"), Value("height"), Value("size")));
        }
    }

    [Fact]
    public void Place_Label_IsInPixelsOfTheSquare() =>
        Assert.Equal(new Box(64, 92, 128, 72), Letterbox.Fit(640, 360, 256).Place(new LabelledBox(0, 0.5f, 0.5f, 0.5f, 0.5f)));
}

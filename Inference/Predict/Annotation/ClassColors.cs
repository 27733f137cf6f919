using SkiaSharp;

namespace RetrainLoop.Inference.Predict.Annotation;

/// <summary>A colour per class: always the same for the same index, and neighbours differ as much as hues can.</summary>
static class ClassColors
{
    const float GoldenAngle = 137.508f;

    public static SKColor Of(int @class) => SKColor.FromHsv(@class * GoldenAngle % 360, 85, @class % 2 == 0 ? 95 : 75);

    /// <summary>Black or white, whichever contrasts more with a background (WCAG 2 relative luminance).</summary>
    public static SKColor TextOn(SKColor background)
    {
        var luminance = 0.2126 * Linear(background.Red) + 0.7152 * Linear(background.Green) + 0.0722 * Linear(background.Blue);
        return (luminance + 0.05) * (luminance + 0.05) > 1.05 * 0.05 ? SKColors.Black : SKColors.White;
    }

    static double Linear(byte channel) => channel / 255.0 is var value && value <= 0.04045 ? value / 12.92 : Math.Pow((value + 0.055) / 1.055, 2.4);
}

namespace RetrainLoop.Training.Augmentation;

/// <summary>Changes the light of a picture in hue, saturation and value.</summary>
/// <param name="HueTurn">Added to the hue, in turns of the colour wheel.</param>
/// <param name="SaturationFactor">Times the saturation, clamped to [0, 1].</param>
/// <param name="ValueFactor">Times the value, clamped to white.</param>
public readonly record struct ColorJitter(double HueTurn, double SaturationFactor, double ValueFactor)
{
    public static ColorJitter Draw(AugmentationOptions options, Random random) => new(
        Around(0, options.Hue, random), Around(1, options.Saturation, random), Around(1, options.Value, random));

    /// <summary>In place, on bytes in the order red, green, blue.</summary>
    public void Apply(Span<byte> pixels)
    {
        if (this == new ColorJitter(0, 1, 1)) return;
        var turn = (float)(HueTurn * 6);
        var (saturation, value) = ((float)SaturationFactor, (float)ValueFactor);
        for (var i = 0; i + 2 < pixels.Length; i += 3)
        {
            float r = pixels[i], g = pixels[i + 1], b = pixels[i + 2];
            var high = MathF.Max(r, MathF.Max(g, b));
            var chroma = high - MathF.Min(r, MathF.Min(g, b));
            var bright = MathF.Min(255, high * value);
            if (chroma <= 0)
            {
                pixels.Slice(i, 3).Fill((byte)(bright + 0.5f));
                continue;
            }
            var hue = high == r ? (g - b) / chroma : high == g ? 2 + (b - r) / chroma : 4 + (r - g) / chroma;
            var depth = bright * MathF.Min(1, chroma / high * saturation);
            pixels[i] = Channel(bright, depth, hue + turn + 5);
            pixels[i + 1] = Channel(bright, depth, hue + turn + 3);
            pixels[i + 2] = Channel(bright, depth, hue + turn + 1);
        }
    }

    /// <summary>A channel from value and chroma: f(n) = V - C * max(0, min(k, 4 - k, 1)), k = (n + hue) mod 6.</summary>
    static byte Channel(float value, float chroma, float position)
    {
        var k = position - 6 * MathF.Floor(position / 6);
        return (byte)(value - chroma * MathF.Max(0, MathF.Min(1, MathF.Min(k, 4 - k))) + 0.5f);
    }

    static double Around(double middle, double halfRange, Random random) => middle + (random.NextDouble() * 2 - 1) * halfRange;
}

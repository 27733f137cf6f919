namespace RetrainLoop.Simulator.Frames;

/// <summary>How far the line has moved away from what its first model was trained on; each strength in [0, 1], 0 = not at all.</summary>
/// <param name="Light">Darker, warmer, uneven light and more sensor noise.</param>
/// <param name="Camera">Another lens: zoomed, turned, shifted, a little out of focus.</param>
/// <param name="Variant">A new product variant: coated parts of other proportions take the place of the bright ones.</param>
public sealed record Drift(double Light = 0, double Camera = 0, double Variant = 0)
{
    public static Drift None { get; } = new();

    /// <summary>Strengths in hundredths, as frame ids carry them.</summary>
    public Drift Rounded() => new(Round(Light), Round(Camera), Round(Variant));

    /// <summary>One sentence for each strength that is out of range.</summary>
    public IEnumerable<string> Problems()
    {
        foreach (var (name, strength) in new[] { ("light", Light), ("camera", Camera), ("variant", Variant) })
            if (strength is not (>= 0 and <= 1)) yield return $"drift.{name} is {strength} but must lie between 0 (none) and 1 (strongest).";
    }

    static double Round(double strength) => Math.Round(Math.Clamp(strength, 0, 1) * 100) / 100;
}

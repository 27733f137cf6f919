using System.ComponentModel.DataAnnotations;

namespace RetrainLoop.Simulator.Frames;

/// <summary>How far the line has moved away from what its first model was trained on; each strength in [0, 1], 0 = not at all.</summary>
/// <param name="Light">Darker, warmer, uneven light and more sensor noise.</param>
/// <param name="Camera">Another lens: zoomed, turned, shifted, a little out of focus.</param>
/// <param name="Variant">A new product variant: coated parts of other proportions take the place of the bright ones.</param>
public sealed record Drift([property: Range(0.0, 1.0)] double Light = 0, [property: Range(0.0, 1.0)] double Camera = 0, [property: Range(0.0, 1.0)] double Variant = 0)
{
    public static Drift None { get; } = new();

    /// <summary>Strengths in hundredths, as frame ids carry them.</summary>
    public Drift Rounded() => new(Round(Light), Round(Camera), Round(Variant));

    static double Round(double strength) => Math.Round(Math.Clamp(strength, 0, 1) * 100) / 100;
}

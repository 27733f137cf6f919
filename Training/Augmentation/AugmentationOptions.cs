namespace RetrainLoop.Training.Augmentation;

/// <summary>How much training pictures vary. All are chances or half-ranges of uniform draws.</summary>
/// <param name="Mosaic">Chance that four pictures are joined into one.</param>
/// <param name="Flip">Chance of a left-right mirror image.</param>
/// <param name="Scale">Zoom by a factor in [1 - Scale, 1 + Scale].</param>
/// <param name="Translate">Shift by at most this fraction of the side, each way.</param>
/// <param name="Hue">Turn of the colour wheel, as a fraction of a full turn.</param>
/// <param name="Saturation">Factor in [1 - Saturation, 1 + Saturation].</param>
/// <param name="Value">Brightness, likewise.</param>
public sealed record AugmentationOptions(
    double Mosaic = 0.5, double Flip = 0.5, double Scale = 0.4, double Translate = 0.1, double Hue = 0.015, double Saturation = 0.5, double Value = 0.4)
{
    /// <summary>Pictures as they are.</summary>
    public static AugmentationOptions None { get; } = new(0, 0, 0, 0, 0, 0, 0);
}

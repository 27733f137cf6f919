using RetrainLoop.Contracts;

namespace RetrainLoop.Training.Data;

/// <summary>
/// Fits an image into a square without changing its shape: scaled by one factor, centred, the rest grey. The same geometry as at
/// serving time: new side = round half to even, the odd pixel of the border goes right and below.
/// </summary>
/// <param name="Width">Of the scaled image in pixels.</param>
/// <param name="Left">Grey columns left of it.</param>
public readonly record struct Letterbox(int Width, int Height, int Left, int Top)
{
    /// <summary>The grey of the border, each channel.</summary>
    public const byte Grey = 114;

    public static Letterbox Fit(int imageWidth, int imageHeight, int size)
    {
        var ratio = Math.Min((double)size / imageHeight, (double)size / imageWidth);
        var width = Math.Max(1, (int)Math.Round(imageWidth * ratio));
        var height = Math.Max(1, (int)Math.Round(imageHeight * ratio));
        return new Letterbox(width, height, Border(size - width), Border(size - height));
    }

    /// <summary>A label in pixels of the square.</summary>
    public Box Place(LabelledBox box) => new(
        Left + (box.CentreX - box.Width / 2) * Width, Top + (box.CentreY - box.Height / 2) * Height, box.Width * Width, box.Height * Height);

    static int Border(int free) => (int)Math.Round(free / 2.0 - 0.1);
}

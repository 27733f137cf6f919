namespace RetrainLoop.Inference.Images;

/// <summary>Where the picture lies in the network's input.</summary>
public enum LetterboxStyle
{
    /// <summary>In the middle, sides rounded half to even: the convention of the YOLOv5 and v8 families.</summary>
    Centered,
    /// <summary>At the top left, sides cut to whole pixels: the convention of YOLOX.</summary>
    TopLeft,
}

/// <summary>
/// Fits a picture into a network input without changing its proportions: input = picture * <paramref name="Ratio"/> + (Left, Top).
/// </summary>
/// <param name="Width">Of the scaled picture in input pixels, at least 1.</param>
public readonly record struct Letterbox(
    int ImageWidth, int ImageHeight, int InputWidth, int InputHeight, double Ratio, int Width, int Height, int Left, int Top)
{
    public static Letterbox Fit(int imageWidth, int imageHeight, int inputWidth, int inputHeight, LetterboxStyle style = LetterboxStyle.Centered)
    {
        var ratio = Math.Min((double)inputHeight / imageHeight, (double)inputWidth / imageWidth);
        var width = Side(imageWidth * ratio, inputWidth, style);
        var height = Side(imageHeight * ratio, inputHeight, style);
        return style == LetterboxStyle.TopLeft
            ? new Letterbox(imageWidth, imageHeight, inputWidth, inputHeight, ratio, width, height, 0, 0)
            : new Letterbox(imageWidth, imageHeight, inputWidth, inputHeight, ratio, width, height, Before(inputWidth - width),
                Before(inputHeight - height));
    }

    /// <summary>A box given by its corners in input pixels, in pixels of the picture and cut to it.</summary>
    public Box ToImage(float left, float top, float right, float bottom)
    {
        var x = (left - Left) / Ratio;
        var y = (top - Top) / Ratio;
        return new Box((float)x, (float)y, (float)((right - Left) / Ratio - x), (float)((bottom - Top) / Ratio - y)).ClipTo(ImageWidth, ImageHeight);
    }

    // A very thin picture would vanish: it keeps one pixel.
    static int Side(double scaled, int limit, LetterboxStyle style) =>
        Math.Clamp((int)(style == LetterboxStyle.TopLeft ? scaled : Math.Round(scaled, MidpointRounding.ToEven)), 1, limit);

    static int Before(int padding) => (int)Math.Round(padding / 2.0 - 0.1, MidpointRounding.ToEven);
}

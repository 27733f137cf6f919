namespace RetrainLoop.Contracts;

/// <summary>An axis-aligned box in pixels of the decoded, EXIF-oriented image. (X, Y) is the top left corner.</summary>
public readonly record struct Box(float X, float Y, float Width, float Height)
{
    public float Right => X + Width;
    public float Bottom => Y + Height;
    public float Area => Width * Height;

    /// <summary>Intersection over union in [0, 1]; 0 when both boxes are empty.</summary>
    public static float IoU(in Box a, in Box b)
    {
        var width = MathF.Min(a.Right, b.Right) - MathF.Max(a.X, b.X);
        var height = MathF.Min(a.Bottom, b.Bottom) - MathF.Max(a.Y, b.Y);
        if (width <= 0 || height <= 0) return 0;
        var intersection = width * height;
        var union = a.Area + b.Area - intersection;
        return union > 0 ? intersection / union : 0;
    }

    /// <summary>The part of the box inside an image of the given size; never negative in width or height.</summary>
    public Box ClipTo(int imageWidth, int imageHeight)
    {
        var left = Math.Clamp(X, 0, imageWidth);
        var top = Math.Clamp(Y, 0, imageHeight);
        return new Box(left, top, Math.Clamp(Right, left, imageWidth) - left, Math.Clamp(Bottom, top, imageHeight) - top);
    }
}

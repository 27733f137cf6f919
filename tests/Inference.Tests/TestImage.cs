using SkiaSharp;

namespace RetrainLoop.Tests.Inference;

public static class TestImage
{
    /// <summary>A PNG of 64 x 64 pixels of one gray level in [0, 255].</summary>
    public static byte[] Gray(byte level) => Colored(level, level, level);

    /// <summary>The same of one colour.</summary>
    public static byte[] Colored(byte red, byte green, byte blue)
    {
        using var bitmap = new SKBitmap(TinyModel.Size, TinyModel.Size);
        bitmap.Erase(new SKColor(red, green, blue));
        using var png = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        return png.ToArray();
    }
}

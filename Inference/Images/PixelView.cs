namespace RetrainLoop.Inference.Images;

/// <summary>
/// Decoded, upright RGBA pixels, four bytes each, rows without gaps. They belong to the decoder and last until its next picture.
/// </summary>
/// <param name="pixels">First pixel.</param>
/// <param name="width">Of the pixels here; less than <see cref="ImageWidth"/> when the decoder shrank the picture.</param>
readonly unsafe struct PixelView(uint* pixels, int width, int height, int imageWidth, int imageHeight)
{
    public uint* Pixels => pixels;
    public int Width => width;
    public int Height => height;
    public int ImageWidth => imageWidth;
    public int ImageHeight => imageHeight;

    public uint* Row(int y) => pixels + (long)y * width;
}

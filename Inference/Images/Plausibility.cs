using System.Buffers.Binary;

namespace RetrainLoop.Inference.Images;

/// <summary>
/// How many pixels a file can hold at most. A header that declares more lies: it is refused before any memory is taken for it. The bounds follow
/// from the coding of each format, so that no whole picture is ever refused.
/// </summary>
static class Plausibility
{
    const int PngHeader = 33, BmpHeader = 34, GifHeader = 13, GifFrame = 10;

    public static bool CanHold(ReadOnlySpan<byte> file, ImageFormat format, long pixels) => format switch
    {
        // A Huffman code has at least one bit, a block at least one code, and a block covers at most 8 x 16 pixels.
        ImageFormat.Jpeg => !JpegFrame.Find(file).IsHuffmanCoded || pixels <= file.Length * 8L * 128,
        // Deflate copies at most 258 bytes with two codes of one bit.
        ImageFormat.Png => PngBitsPerPixel(file) is not { } bits || pixels <= file.Length * 8L * 129 * 8 / bits,
        // A code of LZW stands for at most 4096 pixels, and has 12 bits by then. The first frame may cover only a part of the canvas.
        ImageFormat.Gif => (GifFramePixels(file) ?? pixels) <= file.Length * 8L * 4096 / 12 + 4096,
        ImageFormat.Bmp => BmpBitsPerPixel(file) is not { } bits || pixels <= file.Length * 8L / bits,
        _ => true,
    };

    // GIF89a, sections 18 to 26: the screen and its colours, then blocks; extensions are chains of at most 255 bytes each.
    static long? GifFramePixels(ReadOnlySpan<byte> file)
    {
        const byte frame = 0x2c, extension = 0x21;
        if (file.Length < GifHeader) return null;
        var at = GifHeader + ((file[10] & 0x80) != 0 ? 3 << (file[10] & 7) + 1 : 0);
        while (at + GifFrame <= file.Length)
        {
            if (file[at] == frame)
                return (long)BinaryPrimitives.ReadUInt16LittleEndian(file[(at + 5)..]) * BinaryPrimitives.ReadUInt16LittleEndian(file[(at + 7)..]);
            if (file[at] != extension) return null;
            for (at += 2; at < file.Length && file[at] != 0;) at += file[at] + 1;
            at++;
        }
        return null;
    }

    static int? PngBitsPerPixel(ReadOnlySpan<byte> file)
    {
        if (file.Length < PngHeader) return null;
        var channels = file[25] switch { 0 or 3 => 1, 2 => 3, 4 => 2, 6 => 4, _ => 0 };
        return channels * file[24] is var bits and > 0 ? bits : null;
    }

    static int? BmpBitsPerPixel(ReadOnlySpan<byte> file)
    {
        const int oldHeader = 12, uncompressed = 0;
        if (file.Length < BmpHeader || BinaryPrimitives.ReadInt32LittleEndian(file[14..]) == oldHeader) return null;
        return BinaryPrimitives.ReadInt32LittleEndian(file[30..]) == uncompressed
            && BinaryPrimitives.ReadInt16LittleEndian(file[28..]) is var bits and > 0 ? bits : null;
    }
}

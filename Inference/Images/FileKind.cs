using System.Text;

namespace RetrainLoop.Inference.Images;

/// <summary>The formats that are decoded.</summary>
public enum ImageFormat { Jpeg, Png, WebP, Bmp, Gif }

/// <summary>Tells what a file is by its content; names and content types are not believed.</summary>
public static class FileKind
{
    /// <summary>The image format of a file that starts like this, or null when it is none that is decoded.</summary>
    public static ImageFormat? FormatOf(ReadOnlySpan<byte> file) => file switch
    {
        [0xff, 0xd8, 0xff, ..] => ImageFormat.Jpeg,
        [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0d, 0x0a, 0x1a, 0x0a, ..] => ImageFormat.Png,
        [(byte)'R', (byte)'I', (byte)'F', (byte)'F', _, _, _, _, (byte)'W', (byte)'E', (byte)'B', (byte)'P', ..] => ImageFormat.WebP,
        [(byte)'B', (byte)'M', _, _, _, _, 0, 0, 0, 0, ..] => ImageFormat.Bmp,
        [(byte)'G', (byte)'I', (byte)'F', (byte)'8', (byte)'7' or (byte)'9', (byte)'a', ..] => ImageFormat.Gif,
        _ => null,
    };

    /// <summary>A noun phrase for what is not an image, such as <c>a PDF</c>.</summary>
    public static string Describe(ReadOnlySpan<byte> file) => file switch
    {
        [] => "empty",
        [(byte)'%', (byte)'P', (byte)'D', (byte)'F', ..] => "a PDF",
        [(byte)'P', (byte)'K', 3 or 5, 4 or 6, ..] => "a ZIP archive",
        [0x1f, 0x8b, ..] => "a gzip file (send it with 'Content-Encoding: gzip', or unpacked)",
        [(byte)'I', (byte)'I', 0x2a, 0, ..] or [(byte)'M', (byte)'M', 0, 0x2a, ..] => "a TIFF image",
        [_, _, _, _, (byte)'f', (byte)'t', (byte)'y', (byte)'p', (byte)'h' or (byte)'m', ..] => "a HEIC image",
        [_, _, _, _, (byte)'f', (byte)'t', (byte)'y', (byte)'p', (byte)'a', (byte)'v', ..] => "an AVIF image",
        [_, _, _, _, (byte)'f', (byte)'t', (byte)'y', (byte)'p', ..] => "a video",
        [0xff, 0x0a, ..] or [0, 0, 0, 0x0c, (byte)'J', (byte)'X', (byte)'L', ..] => "a JPEG XL image",
        [0, 0, 0, 0x0c, (byte)'j', (byte)'P', ..] => "a JPEG 2000 image",
        [0, 0, 1 or 2, 0, ..] => "an icon",
        [(byte)'R', (byte)'I', (byte)'F', (byte)'F', ..] or [0x1a, 0x45, 0xdf, 0xa3, ..] => "a video or sound file",
        _ => DescribeText(file),
    };

    static string DescribeText(ReadOnlySpan<byte> file)
    {
        var start = file[..Math.Min(file.Length, 512)];
        foreach (var value in start)
            if (value < 0x20 && value is not ((byte)'\t' or (byte)'\n' or (byte)'\r')) return "no known type of file";
        var text = Encoding.UTF8.GetString(start).TrimStart('\ufeff', ' ', '\t', '\r', '\n');
        if (text.Contains("<svg", StringComparison.OrdinalIgnoreCase)) return "an SVG drawing";
        if (text.StartsWith("<!doctype html", StringComparison.OrdinalIgnoreCase) || text.StartsWith("<html", StringComparison.OrdinalIgnoreCase))
            return "an HTML page";
        if (text.StartsWith('<')) return "an XML or HTML text";
        return text.StartsWith('{') || text.StartsWith('[') ? "a JSON text" : "a text file";
    }
}

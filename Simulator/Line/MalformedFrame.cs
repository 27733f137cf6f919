using System.Text;

namespace RetrainLoop.Simulator.Line;

/// <summary>The body of a request and what it claims to be.</summary>
public sealed record FrameBody(byte[] Bytes, string ContentType)
{
    public static FrameBody Jpeg(byte[] bytes) => new(bytes, "image/jpeg");
}

/// <summary>What real cameras and networks make of a frame on a bad day.</summary>
public static class MalformedFrame
{
    public const int Kinds = 4;

    /// <param name="kind">0 = cut off, 1 = text that claims to be a picture, 2 = empty, 3 = a document.</param>
    public static FrameBody Make(int kind, byte[] jpeg) => kind switch
    {
        0 => FrameBody.Jpeg(jpeg[..(jpeg.Length * 2 / 5)]),
        1 => FrameBody.Jpeg(Encoding.UTF8.GetBytes("camera offline: frame buffer not available\n")),
        2 => FrameBody.Jpeg([]),
        _ => new FrameBody(Encoding.UTF8.GetBytes("%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"), "application/pdf"),
    };
}

namespace RetrainLoop.Monitor.Series;

/// <summary>A whole sketch in one block of bytes: its parts as <see cref="SketchCodec"/> writes them, each with its length.</summary>
static class PackedSketch
{
    public static byte[] Pack(SeriesSketch sketch)
    {
        var (packed, part) = (new ByteWriter(), new ByteWriter());
        for (var number = 0; number < SketchCodec.Parts; number++)
        {
            part.Clear();
            SketchCodec.Write(part, sketch, number);
            packed.Block(part.Written);
        }
        return packed.Written.ToArray();
    }

    /// <summary>Adds a packed sketch to another.</summary>
    /// <exception cref="InvalidDataException">Another version wrote it, or it is damaged.</exception>
    public static void AddTo(SeriesSketch sketch, ReadOnlySpan<byte> packed)
    {
        var parts = new ByteReader(packed);
        SketchCodec.AddTo(sketch, new EncodedSketch(parts.Block(), parts.Block(), parts.Block(), parts.Block(), parts.Block()));
    }
}

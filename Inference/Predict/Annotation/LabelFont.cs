using SkiaSharp;

namespace RetrainLoop.Inference.Predict.Annotation;

/// <summary>
/// The letters of labels: a font that comes along, because servers often have none. For letters that it lacks, whatever the system has.
/// </summary>
static class LabelFont
{
    static readonly SKTypeface Bundled = Load();

    /// <summary>A font that can write a text; the caller disposes it.</summary>
    public static SKFont For(string text, float size)
    {
        var font = new SKFont(Bundled, size) { Edging = SKFontEdging.Antialias };
        foreach (var letter in text.EnumerateRunes())
            if (!font.ContainsGlyph(letter.Value) && SKFontManager.Default.MatchCharacter(letter.Value) is { } substitute)
            {
                font.Typeface = substitute;
                break;
            }
        return font;
    }

    static SKTypeface Load()
    {
        using var file = typeof(LabelFont).Assembly.GetManifestResourceStream("DejaVuSans-Bold.ttf")!;
        return SKTypeface.FromStream(file);
    }
}

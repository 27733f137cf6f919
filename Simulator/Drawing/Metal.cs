using RetrainLoop.Simulator.Scenes;
using SkiaSharp;

namespace RetrainLoop.Simulator.Drawing;

/// <summary>The colours of a surface from its darkest shade to the reflection of the lamp.</summary>
public readonly record struct Metal(SKColor Deep, SKColor Shade, SKColor Middle, SKColor Light, SKColor Glint)
{
    public static Metal Of(Part part) => (part.Finish switch
    {
        Finish.Zinc => new Metal(new(52, 58, 66), new(104, 112, 122), new(158, 166, 176), new(206, 212, 220), new(250, 252, 255)),
        Finish.Steel => new Metal(new(48, 48, 50), new(92, 92, 95), new(140, 140, 143), new(190, 190, 192), new(242, 242, 240)),
        Finish.Brass => new Metal(new(66, 50, 22), new(122, 96, 46), new(176, 146, 82), new(216, 190, 128), new(252, 240, 200)),
        Finish.BlackOxide => new Metal(new(10, 11, 13), new(26, 28, 31), new(46, 48, 53), new(76, 79, 85), new(136, 140, 148)),
        Finish.BlueAnodised => new Metal(new(8, 16, 40), new(16, 34, 78), new(28, 56, 116), new(52, 88, 156), new(122, 158, 216)),
        _ => new Metal(new(38, 8, 8), new(76, 18, 16), new(118, 30, 26), new(156, 54, 46), new(214, 130, 118)),
    }).Times(part.Tone);

    Metal Times(float tone) => new(Times(Deep, tone), Times(Shade, tone), Times(Middle, tone), Times(Light, tone), Times(Glint, tone));

    static SKColor Times(SKColor color, float tone) =>
        new((byte)Math.Min(255, color.Red * tone), (byte)Math.Min(255, color.Green * tone), (byte)Math.Min(255, color.Blue * tone));
}

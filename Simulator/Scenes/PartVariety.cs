using System.Numerics;

namespace RetrainLoop.Simulator.Scenes;

/// <summary>Draws the measures of single parts at random, of the known products and of the new variant.</summary>
public static class PartVariety
{
    /// <summary>A part at the origin.</summary>
    /// <param name="variantShare">The share of parts that are of the new variant, [0, 1].</param>
    public static Part Draw(ref RandomStream random, double variantShare)
    {
        // All numbers are drawn before the variant is decided: a scene keeps its arrangement at every drift strength.
        var kind = (PartKind)random.NextInt(4);
        var size = random.NextFloat();
        var proportion = random.NextFloat();
        var angle = random.NextFloat(0, MathF.Tau);
        var tone = random.NextFloat(0.9f, 1.08f);
        var finish = random.NextFloat();
        var variant = random.NextFloat() < variantShare;
        return variant ? Changed(kind, size, proportion, angle, tone, finish) : Known(kind, size, proportion, angle, tone, finish);
    }

    static Part Known(PartKind kind, float size, float proportion, float angle, float tone, float finish)
    {
        var surface = kind == PartKind.Gear ? (finish < 0.7f ? Finish.Steel : Finish.Brass)
            : finish < 0.55f ? Finish.Zinc : finish < 0.9f ? Finish.Steel : Finish.Brass;
        return kind switch
        {
            PartKind.Washer => new(kind, default, angle, 17 + 15 * size, 0.44f + 0.16f * proportion, 3, 0, surface, false, tone),
            PartKind.Nut => new(kind, default, angle, 17 + 14 * size, 0.46f + 0.08f * proportion, 10 + 4 * size, 6, surface, false, tone),
            PartKind.Bolt => new(kind, default, angle, 30 + 22 * size, 0.5f + 0.1f * proportion, 6, 6, surface, false, tone),
            _ => new(kind, default, angle, 26 + 24 * size, 0.22f + 0.12f * proportion, 7, 12 + (int)(8 * proportion), surface, false, tone),
        };
    }

    static Part Changed(PartKind kind, float size, float proportion, float angle, float tone, float finish)
    {
        var surface = finish < 0.5f ? Finish.BlackOxide : finish < 0.8f ? Finish.BlueAnodised : Finish.RedCoated;
        return kind switch
        {
            PartKind.Washer => new(kind, default, angle, 22 + 16 * size, 0.24f + 0.1f * proportion, 4, 0, surface, true, tone),
            PartKind.Nut => new(kind, default, angle, 21 + 15 * size, 0.34f + 0.06f * proportion, 10 + 4 * size, 6, surface, true, tone),
            PartKind.Bolt => new(kind, default, angle, 24 + 17 * size, 0.62f + 0.12f * proportion, 8, 0, surface, true, tone),
            _ => new(kind, default, angle, 22 + 20 * size, 0.44f + 0.1f * proportion, 9, 7 + (int)(3 * proportion), surface, true, tone),
        };
    }
}

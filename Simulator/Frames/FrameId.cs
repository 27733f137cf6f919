using System.Globalization;
using System.Text.RegularExpressions;
using RetrainLoop.Simulator.Scenes;

namespace RetrainLoop.Simulator.Frames;

/// <summary>
/// Names a frame and says all that is needed to render it again, for example <c>cam-hh-1.s7.000123.l70.c0.v70</c>:
/// camera, seed, number, and the drift strengths in hundredths.
/// </summary>
public sealed partial record FrameId(string Camera, int Seed, int Number, Drift Drift)
{
    /// <summary>The id as text; the inverse of <see cref="Parse"/>.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Camera}.s{Seed}.{Number:D6}.l{Hundredths(Drift.Light)}.c{Hundredths(Drift.Camera)}.v{Hundredths(Drift.Variant)}");

    /// <summary>Reads an id; null when it is not one of this line's frames.</summary>
    public static FrameId? Parse(string? text)
    {
        if (text is null || Shape().Match(text) is not { Success: true } match || LineCamera.Find(match.Groups[1].Value) is null) return null;
        if (!TryInt(match.Groups[2], out var seed) || !TryInt(match.Groups[3], out var number)) return null;
        var id = new FrameId(
            match.Groups[1].Value, seed, number,
            new Drift(Strength(match.Groups[4]), Strength(match.Groups[5]), Strength(match.Groups[6])));
        return id.ToString() == text ? id : null;
    }

    static int Hundredths(double strength) => (int)Math.Round(strength * 100);
    static double Strength(Group group) => int.Parse(group.ValueSpan, CultureInfo.InvariantCulture) / 100.0;
    static bool TryInt(Group group, out int value) => int.TryParse(group.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out value);

    [GeneratedRegex(@"^([a-z0-9-]+)\.s([0-9]{1,10})\.([0-9]{6,10})\.l(100|[0-9]{1,2})\.c(100|[0-9]{1,2})\.v(100|[0-9]{1,2})\z", RegexOptions.CultureInvariant)]
    private static partial Regex Shape();
}

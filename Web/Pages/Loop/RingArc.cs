using System.Globalization;

namespace RetrainLoop.Web.Pages.Loop;

/// <summary>Arcs of the ring: clockwise from the top, with a gap between neighbours; on a circle of radius 92 around (110, 110).</summary>
public static class RingArc
{
    const double Radius = 92, Center = 110, Gap = 0.055;

    /// <summary>SVG path data of one segment, or of its first <paramref name="share"/> (in [0, 1]).</summary>
    public static string Of(int index, int count, double share = 1)
    {
        var slice = Math.Tau / count;
        var from = index * slice + Gap / 2 - Math.PI / 2;
        var to = from + (slice - Gap) * Math.Clamp(share, 0.001, 1);
        return string.Create(CultureInfo.InvariantCulture,
            $"M{X(from):0.##} {Y(from):0.##}A{Radius} {Radius} 0 {(to - from > Math.PI ? 1 : 0)} 1 {X(to):0.##} {Y(to):0.##}");
    }

    static double X(double angle) => Center + Radius * Math.Cos(angle);
    static double Y(double angle) => Center + Radius * Math.Sin(angle);
}

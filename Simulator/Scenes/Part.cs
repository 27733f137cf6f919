using System.Numerics;

namespace RetrainLoop.Simulator.Scenes;

/// <summary>What the line makes. The order is the order of class ids in labels and models.</summary>
public enum PartKind { Washer, Nut, Bolt, Gear }

/// <summary>What a part's surface is made of; the last three belong to the new product variant.</summary>
public enum Finish { Zinc, Steel, Brass, BlackOxide, BlueAnodised, RedCoated }

/// <summary>A part that lies on the belt. Lengths in belt units, angles in radians.</summary>
/// <param name="Radius">Half the greatest extent.</param>
/// <param name="Ratio">Hole to outer radius for washer, nut and gear; shank to head width for bolts.</param>
/// <param name="Teeth">Of a gear; corners of a nut or bolt head; 0 for a washer.</param>
/// <param name="Variant">True for a part of the new product variant.</param>
/// <param name="Tone">Brightness of this piece relative to others, about 1.</param>
public sealed record Part(
    PartKind Kind, Vector2 Position, float Angle, float Radius, float Ratio, float Height, int Teeth, Finish Finish, bool Variant, float Tone)
{
    public static IReadOnlyList<string> ClassNames { get; } = ["washer", "nut", "bolt", "gear"];
}

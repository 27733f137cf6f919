namespace RetrainLoop.Simulator.Scenes;

/// <summary>A camera above the belt, as it was installed.</summary>
/// <param name="Scale">Pixels per belt unit.</param>
/// <param name="Tilt">Foreshortening across the belt: the cosine of the angle between the optical axis and the vertical, (0, 1].</param>
/// <param name="Turn">Degrees between the belt's direction and the image's rows.</param>
/// <param name="BeltHue">Degrees; with <paramref name="BeltSaturation"/> and <paramref name="BeltLightness"/> (fractions) the belt's colour.</param>
/// <param name="LightAngle">Degrees in the image from which the lamp shines; 90 = from below, 270 = from above.</param>
/// <param name="Warmth">Colour of the lamp: negative bluish, positive yellowish, about [-0.1, 0.1].</param>
public sealed record LineCamera(
    int Index, string Name, string Region, float Scale, float Tilt, float Turn,
    float BeltHue, float BeltSaturation, float BeltLightness, float LightAngle, float Warmth)
{
    public const int FrameWidth = 640, FrameHeight = 480;

    /// <summary>Half the width of the belt between its rails, belt units.</summary>
    public const float BeltHalfWidth = 214;

    /// <summary>Height of the rails above the belt, belt units.</summary>
    public const float RailHeight = 16;

    public static IReadOnlyList<Region> Regions { get; } =
    [
        new("hamburg", "Hamburg", 53.5511, 9.9937),
        new("chicago", "Chicago", 41.8781, -87.6298),
        new("osaka", "Osaka", 34.6937, 135.5023),
    ];

    public static IReadOnlyList<LineCamera> All { get; } =
    [
        new(0, "cam-hh-1", "hamburg", 1.00f, 0.94f, 0, 158, 0.24f, 0.26f, 235, 0),
        new(1, "cam-hh-2", "hamburg", 0.88f, 0.86f, 5, 158, 0.20f, 0.30f, 310, 0.04f),
        new(2, "cam-chi-1", "chicago", 1.12f, 0.96f, -4, 214, 0.34f, 0.33f, 260, -0.05f),
        new(3, "cam-osa-1", "osaka", 0.95f, 0.82f, -2, 40, 0.05f, 0.27f, 215, 0.06f),
    ];

    public static LineCamera? Find(string name)
    {
        foreach (var camera in All)
            if (camera.Name == name) return camera;
        return null;
    }
}

using RetrainLoop.Contracts;

namespace RetrainLoop.Training.Nets;

/// <summary>How wide and deep a net is.</summary>
/// <param name="Channels">Channels after the stem and after each of the four stages (strides 2, 4, 8, 16, 32).</param>
/// <param name="InnerDepth">Bottlenecks in the two middle stages; the others have one.</param>
/// <param name="BoxChannels">Hidden channels of a head's box branch.</param>
/// <param name="ClassChannels">Hidden channels of a head's class branch.</param>
public sealed record NetShape(IReadOnlyList<int> Channels, int InnerDepth, int BoxChannels, int ClassChannels)
{
    /// <summary>Bins of each box side's distribution: distances of 0 to <c>Bins - 1</c> strides.</summary>
    public const int Bins = 16;

    /// <summary>Strides of the three levels that predict, in pixels.</summary>
    public static IReadOnlyList<int> Strides { get; } = [8, 16, 32];

    public static NetShape Of(NetSize size) => size switch
    {
        NetSize.Pico => new([8, 16, 32, 64, 128], 1, 32, 32),
        NetSize.Nano => new([16, 32, 64, 128, 256], 2, 64, 64),
        NetSize.Small => new([32, 64, 128, 256, 512], 2, 64, 128),
        _ => throw new ArgumentOutOfRangeException(nameof(size), size, "There is no such net."),
    };
}

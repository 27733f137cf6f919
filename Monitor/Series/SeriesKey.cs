using RetrainLoop.Contracts;

namespace RetrainLoop.Monitor.Series;

/// <summary>What a series adds up: one camera, or all cameras of a region, which is what deployment-wide questions read.</summary>
public enum SeriesLevel { Camera, Region }

/// <summary>What a series is of.</summary>
/// <param name="Camera">Empty for a region's.</param>
public sealed record SeriesKey(
    string Deployment, ModelRef Model, ModelSlot Slot, string Region, string Camera, SeriesLevel Level = SeriesLevel.Camera)
{
    public static SeriesKey Of(SeriesSecond second) => new(second.Deployment, second.Model, second.Slot, second.Region, second.Camera);

    /// <summary>The series of all cameras of the region.</summary>
    public SeriesKey OfRegion() => this with { Camera = "", Level = SeriesLevel.Region };
}

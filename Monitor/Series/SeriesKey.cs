using RetrainLoop.Contracts;

namespace RetrainLoop.Monitor.Series;

/// <summary>What a series is of.</summary>
public sealed record SeriesKey(string Deployment, ModelRef Model, ModelSlot Slot, string Region, string Camera)
{
    public static SeriesKey Of(SeriesSecond second) => new(second.Deployment, second.Model, second.Slot, second.Region, second.Camera);
}

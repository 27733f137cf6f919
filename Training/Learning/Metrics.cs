using RetrainLoop.Contracts;

namespace RetrainLoop.Training.Learning;

/// <summary>Figures that go with a checkpoint.</summary>
public static class Metrics
{
    public static IReadOnlyDictionary<string, double> Of(EpochInfo epoch) => new Dictionary<string, double>
    {
        ["mAP50"] = Math.Round(epoch.MeanAveragePrecision50, 5),
        ["mAP50-95"] = Math.Round(epoch.MeanAveragePrecision, 5),
    };
}

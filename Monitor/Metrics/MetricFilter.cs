using System.Globalization;
using RetrainLoop.Contracts;
using RetrainLoop.Monitor.Series;

namespace RetrainLoop.Monitor.Metrics;

/// <summary>Which series are asked for. Shadow traffic answers nobody: it is left out unless asked for.</summary>
/// <param name="Class">Narrows detections, not requests.</param>
public sealed record MetricFilter(ModelRef? Model = null, ModelSlot? Slot = null, string? Region = null, string? Camera = null, string? Class = null)
{
    public bool Holds(SeriesKey series, bool everySlot = false) =>
        (Model is null || series.Model == Model)
        && (Slot is { } slot ? series.Slot == slot : everySlot || series.Slot != ModelSlot.Shadow)
        && (Region is null || series.Region == Region) && (Camera is null || series.Camera == Camera);

    /// <summary>Regions suffice until a camera is named.</summary>
    public SeriesLevel Level => Camera is null ? SeriesLevel.Region : SeriesLevel.Camera;

    /// <returns>The filter, or a sentence that says what is wrong with it.</returns>
    public static (MetricFilter? Filter, string? Refusal) Parse(string? model, string? slot, string? region, string? camera, string? name)
    {
        ModelSlot? inSlot = Enum.TryParse<ModelSlot>(slot, ignoreCase: true, out var parsed) && Enum.IsDefined(parsed) ? parsed : null;
        if (slot is not null && inSlot is null) return (null, $"slot is champion, candidate or shadow, not '{slot}'.");
        if (model is null) return (new MetricFilter(null, inSlot, region, camera, name), null);
        var colon = model.LastIndexOf(':');
        return colon > 0 && int.TryParse(model.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            ? (new MetricFilter(new ModelRef(model[..colon], version), inSlot, region, camera, name), null)
            : (null, $"model is name:version, for example line:3, not '{model}'.");
    }
}

namespace RetrainLoop.Web.Stack;

/// <summary>Narrows the metrics of a deployment; absent members take everything.</summary>
/// <param name="Model">As <c>name:version</c>.</param>
/// <param name="Class">Only detections of this class; requests, latency and errors have none.</param>
public sealed record MetricFilter(string? Model = null, string? Slot = null, string? Region = null, string? Camera = null, string? Class = null)
{
    public static MetricFilter None { get; } = new();

    /// <summary>As far as a metric knows it: only detections and confidence have classes, others refuse one.</summary>
    public MetricFilter For(string metric) => metric is "detections" or "detectionsPerMinute" or "confidence" ? this : this with { Class = null };

    /// <summary>The parameters of a query, each with its leading ampersand.</summary>
    public string Query => string.Concat(Parameters.Select(one => $"&{one.Name}={Uri.EscapeDataString(one.Value)}"));

    IEnumerable<(string Name, string Value)> Parameters =>
        new[] { ("model", Model), ("slot", Slot), ("region", Region), ("camera", Camera), ("class", Class) }
            .Where(one => !string.IsNullOrEmpty(one.Item2)).Select(one => (one.Item1, one.Item2!));
}

namespace RetrainLoop.Contracts;

/// <summary>What happened to a request.</summary>
public enum RequestOutcome { Ok, BadInput, Overloaded, Timeout, Failed }

/// <summary>Which slot of a deployment answered.</summary>
public enum ModelSlot { Champion, Candidate, Shadow }

/// <summary>
/// All series of one replica for some closed seconds. (Replica, BootId, Sequence) identifies it: Monitor applies each once.
/// </summary>
/// <param name="Sequence">Counts from 1 within a boot.</param>
/// <param name="Watermark">Every second before this instant is complete for this replica.</param>
public sealed record TelemetryBatch(
    string Replica, Guid BootId, long Sequence, DateTimeOffset SentAt, DateTimeOffset Watermark, IReadOnlyList<SeriesSecond> Series);

/// <summary>One second of one series. Histogram bins are those of <see cref="SignalBins"/>; absent members mean "nothing seen".</summary>
/// <param name="Second">Unix seconds, the start of the half-open second.</param>
/// <param name="Outcomes">Requests by outcome.</param>
/// <param name="StageMs">Latency in milliseconds per stage: <c>total, queue, decode, inference, postprocess</c>; and <c>upload</c>, which is no part of the total.</param>
/// <param name="DetectionsPerRequest">Requests by number of detections at the operating point.</param>
public sealed record SeriesSecond(
    long Second, string Deployment, ModelRef Model, ModelSlot Slot, string Region, string Camera,
    IReadOnlyDictionary<RequestOutcome, long> Outcomes,
    IReadOnlyDictionary<string, SparseHistogram> StageMs,
    SparseHistogram? DetectionsPerRequest, IReadOnlyList<ClassSecond> Classes,
    SparseHistogram? Brightness, SparseHistogram? Sharpness);

/// <summary>Detections of one class in one second, at the deployment's operating point. Area, width and height are relative to the image.</summary>
/// <param name="BoxSize">Width by height, on the cells of <see cref="SignalBins.BoxSize"/>; null = not counted together, which is unknown and not zero.</param>
public sealed record ClassSecond(
    string Class, long Count, double ConfidenceSum, double ConfidenceSumOfSquares,
    SparseHistogram Confidence, SparseHistogram Area, SparseHistogram Width, SparseHistogram Height, SparseHistogram? BoxSize = null);

/// <summary>The answer to a batch.</summary>
/// <param name="Duplicate">True when it had been applied before; nothing was counted twice.</param>
public sealed record TelemetryAck(bool Duplicate);

namespace RetrainLoop.Contracts;

/// <summary>One replica of Inference, as its newest process reported. Seconds throughout.</summary>
/// <param name="LastReport">When Monitor last heard of it.</param>
/// <param name="Silent">Not heard of within the grace time: minutes close without it.</param>
/// <param name="Watermark">Everything that it did before this is reported.</param>
/// <param name="Lag">Between its watermark and now.</param>
/// <param name="FoldingLag">Between what is folded of it and its last report: Monitor's own part of the lag.</param>
/// <param name="ClockSkew">How far its clock is ahead of Monitor's; behind is negative.</param>
/// <param name="Corrected">Whether its times are shifted by that; a smaller skew is left as it is.</param>
public sealed record TelemetryReplica(
    string Name, Guid BootId, DateTimeOffset LastReport, bool Silent, DateTimeOffset Watermark, double Lag, double FoldingLag, double ClockSkew,
    bool Corrected);

namespace RetrainLoop.Contracts;

/// <summary>A region that cameras report from, with WGS 84 degrees for the map.</summary>
public sealed record Region(string Name, string DisplayName, double Latitude, double Longitude);

/// <summary>
/// Sets up a deployment. The first call sets the champion; another model later goes through a rollout, or needs <paramref name="Force"/>
/// with a <paramref name="Reason"/>. Everything else may change at any time; an omitted member keeps its value.
/// </summary>
/// <param name="Zone">IANA time zone: governs the deployment's cron, days and hour-of-week. Default UTC.</param>
/// <param name="OperatingPoint">Confidence at which telemetry counts detections, (0, 1). Default 0.25.</param>
public sealed record DeploymentRequest(
    string Model, int Version, double? LatencyBudgetMs = null, string? Zone = null, double? OperatingPoint = null,
    IReadOnlyList<Region>? Regions = null, SamplingPolicy? Sampling = null, bool Force = false, string? Reason = null);

/// <summary>A deployment and the aliases it owns.</summary>
/// <param name="CandidateWeight">Share of traffic in [0, 1] that the candidate answers.</param>
/// <param name="Revision">Grows with each change; replicas converge on the highest.</param>
public sealed record DeploymentInfo(
    string Name, ModelRef Champion, ModelRef? Candidate, ModelRef? Previous, double CandidateWeight, bool CandidateShadow,
    IReadOnlyList<string> ClassNames, double LatencyBudgetMs, string Zone, double OperatingPoint,
    IReadOnlyList<Region> Regions, SamplingPolicy Sampling, Guid? ActiveRollout, long Revision, DateTimeOffset UpdatedAt);

/// <summary>A change of a deployment's champion.</summary>
/// <param name="From">Null for the first one.</param>
/// <param name="Reason">What the person, or the rollout, gave.</param>
public sealed record DeploymentTransition(ModelRef? From, ModelRef To, string Reason, string Actor, DateTimeOffset At);

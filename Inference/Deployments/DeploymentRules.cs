using System.Text.RegularExpressions;

namespace RetrainLoop.Inference.Deployments;

/// <summary>What a request makes of a deployment, or why it is refused: with 400 for the request itself, 409 for the state it meets.</summary>
sealed record DeploymentDecision(DeploymentInfo? Deployment, int Status = 200, string Refusal = "");

/// <summary>The rules by which <c>PUT /v1/deployments/{name}</c> changes a deployment. Pure.</summary>
static partial class DeploymentRules
{
    public const double DefaultOperatingPoint = 0.25;
    const int MostClasses = 100;

    public static DeploymentDecision Apply(
        string name, DeploymentInfo? current, DeploymentRequest request, IReadOnlyList<string> classNames, double defaultBudgetMs, DateTimeOffset now)
    {
        if (Wrong(name, request) is { } wrong) return new DeploymentDecision(null, StatusCodes.Status400BadRequest, wrong);
        var model = new ModelRef(request.Model, request.Version);
        if (current is null)
            return new DeploymentDecision(new DeploymentInfo(
                name, model, null, null, 0, false, classNames, request.LatencyBudgetMs ?? defaultBudgetMs, request.Zone ?? "UTC",
                request.OperatingPoint ?? DefaultOperatingPoint, request.Regions ?? [], request.Sampling ?? new SamplingPolicy(), null, 1, now));
        var changed = current with
        {
            LatencyBudgetMs = request.LatencyBudgetMs ?? current.LatencyBudgetMs,
            Zone = request.Zone ?? current.Zone,
            OperatingPoint = request.OperatingPoint ?? current.OperatingPoint,
            Regions = request.Regions ?? current.Regions,
            Sampling = request.Sampling ?? current.Sampling,
        };
        if (model == current.Champion) return new DeploymentDecision(changed);
        if (current.ActiveRollout is not null)
            return Conflict($"A rollout to {current.Candidate} is under way. Abort it first: POST /v1/rollouts/{current.ActiveRollout}/abort.");
        if (!request.Force)
            return Conflict($"{name} serves {current.Champion}. Another model goes through a rollout (POST /v1/rollouts); "
                + "or send \"force\": true with a reason.");
        return string.IsNullOrWhiteSpace(request.Reason)
            ? Conflict("\"force\": true needs a \"reason\" that the history keeps.")
            : new DeploymentDecision(changed with { Champion = model, Previous = current.Champion, ClassNames = classNames });
    }

    /// <summary>Why a sampling policy cannot be, or null.</summary>
    public static string? Wrong(SamplingPolicy policy) => policy switch
    {
        { RandomPerCameraHour: < 0 or > 1_000_000 or double.NaN } => "'randomPerCameraHour' is between 0 and 1,000,000.",
        { EmbeddingsPerCameraHour: < 0 or > 1_000_000 or double.NaN } => "'embeddingsPerCameraHour' is between 0 and 1,000,000.",
        { BandLow: < 0 or > 1 or double.NaN } or { BandHigh: < 0 or > 1 or double.NaN } => "'bandLow' and 'bandHigh' are confidences in [0, 1].",
        { Caps: { PerMinute: < 0 } or { PerHour: < 0 } or { PerDay: < 0 } } => "Caps are not negative.",
        { DriftScore.Table: null } or { DriftScore.Table.Model: null } or { DriftScore.Table.Signals: null } =>
            "'driftScore' has a 'table' with 'model' and 'signals'.",
        { DriftScore: { } rule } when !double.IsFinite(rule.Threshold) || rule.Table.Signals.Values.Any(ratios => ratios?.All(double.IsFinite) != true) =>
            "'driftScore' has a 'threshold' and, for each signal, ratios that are numbers.",
        { LowMargin: < 0 or > 1 or double.NaN } => "'lowMargin' is a difference of confidences in [0, 1].",
        { Classes.Count: > MostClasses } => $"'classes' names at most {MostClasses} classes.",
        { Classes: { } classes } when classes.Any(string.IsNullOrWhiteSpace) => "'classes' are names of classes.",
        _ => null,
    };

    static string? Wrong(string name, DeploymentRequest request)
    {
        if (!Name().IsMatch(name))
            return "A deployment's name has 1 to 63 lower-case letters, digits, '-', '_' or '.', and starts with a letter or digit.";
        if (request.LatencyBudgetMs is <= 0 or double.NaN or double.PositiveInfinity) return "'latencyBudgetMs' is a positive number of milliseconds.";
        if (request.OperatingPoint is <= 0 or >= 1 or double.NaN) return "'operatingPoint' is a confidence between 0 and 1, both excluded.";
        if (request.Zone is { } zone && !(zone == "UTC" || zone.Contains('/') && TimeZoneInfo.TryFindSystemTimeZoneById(zone, out var found)
            && found.HasIanaId))
            return $"'{zone}' is no IANA time zone. Give one such as Europe/Berlin, or UTC.";
        if (request.Regions is { } regions && WrongRegions(regions) is { } wrong) return wrong;
        return request.Sampling is { } sampling ? Wrong(sampling) : null;
    }

    static string? WrongRegions(IReadOnlyList<Region> regions)
    {
        if (regions.Any(region => region is null)) return "A region has a name, a latitude and a longitude.";
        if (regions.GroupBy(region => region.Name).FirstOrDefault(group => group.Count() > 1) is { } twice)
            return $"The region '{twice.Key}' is listed twice.";
        foreach (var region in regions)
        {
            if (string.IsNullOrWhiteSpace(region.Name) || region.Name.Length > SeriesNames.LongestName)
                return $"A region's name has 1 to {SeriesNames.LongestName} characters.";
            if (!(Math.Abs(region.Latitude) <= 90) || !(Math.Abs(region.Longitude) <= 180))
                return $"The region '{region.Name}' lies at no place on Earth: latitude is in [-90, 90], longitude in [-180, 180].";
        }
        return null;
    }

    static DeploymentDecision Conflict(string refusal) => new(null, StatusCodes.Status409Conflict, refusal);

    [GeneratedRegex("^[a-z0-9][a-z0-9._-]{0,62}$")]
    private static partial Regex Name();
}

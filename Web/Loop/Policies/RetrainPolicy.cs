namespace RetrainLoop.Web.Loop.Policies;

/// <summary>Automatic begins a pass, Ask lets a person decide first, Off never begins one.</summary>
public enum RetrainMode { Automatic, Ask, Off }

/// <summary>When a deployment is retrained, and how. Also the shape of section <c>Loop:DefaultPolicy</c>.</summary>
public sealed record RetrainPolicy
{
    public string Name { get; init; } = "Retrain on drift";

    public RetrainMode Mode { get; init; } = RetrainMode.Automatic;

    /// <summary>Diagnoses that call for a pass. Default: Retrain and LabelFirst.</summary>
    public IReadOnlyList<DiagnosisAction>? Actions { get; init; }

    /// <summary>
    /// At least one of these must have moved: signals of the drift report at level Drift, or failed checks of the diagnosis by name.
    /// Default: confidence and boxArea. Empty = any diagnosis will do.
    /// </summary>
    public IReadOnlyList<string>? Signals { get; init; }

    /// <summary>
    /// Hours during which diagnoses must have said the same before a pass begins. The daily comparison looks at two days, which differ by themselves
    /// now and then: the default waits for a second one to agree. 0 = at once.
    /// </summary>
    public double PersistHours { get; init; } = 20;

    /// <summary>Minutes after the end of a pass during which no other begins by itself.</summary>
    public double CooldownMinutes { get; init; } = 60;

    /// <summary>What is sampled while a pass collects frames. Absent = the deployment's own policy ten times as dense.</summary>
    public SamplingPolicy? Sampling { get; init; }

    /// <summary>Frames whose summed log-likelihood ratio (now against baseline) is at least this are sampled first.</summary>
    public double DriftScoreThreshold { get; init; } = 1;

    /// <summary>The raised sampling ends by itself after this many hours.</summary>
    public double SamplingHours { get; init; } = 24;

    /// <summary>New training frames that a dataset version needs.</summary>
    public int MinimumTraining { get; init; } = 100;

    /// <summary>Random evaluation frames that <c>recent</c> needs.</summary>
    public int MinimumRecent { get; init; } = 100;

    public Hyperparameters Hyperparameters { get; init; } = new();

    /// <summary>Strict: both intervals of the gate must exclude 0.</summary>
    public bool StrictGate { get; init; }

    /// <summary>Absent = Inference's own: shadow, 5, 25, 50, 100 %.</summary>
    public IReadOnlyList<RolloutStep>? RolloutSteps { get; init; }

    /// <summary>A step whose analysis stays inconclusive is given this long beyond its bake time before a person is asked.</summary>
    public double RolloutPatienceMinutes { get; init; } = 30;

    /// <summary>Cron in the deployment's zone, five parts, or six with seconds first: compare with the baseline and diagnose. Default: daily at 6.</summary>
    public string DiagnoseCron { get; init; } = "0 6 * * *";

    /// <summary>Cron in the deployment's zone: renew the live holdout and score the champion on it. Default: Sundays at 3.</summary>
    public string HoldoutCron { get; init; } = "0 3 * * 0";

    /// <summary>Cron in the deployment's zone: compare the whole week with the baseline. Default: Mondays at 4.</summary>
    public string DriftCron { get; init; } = "0 4 * * 1";

    /// <summary>Why it cannot be used, or null.</summary>
    public string? Refusal() => this switch
    {
        { Name: null } or { Name.Length: 0 or > 100 } => "Give the policy a name of 1 to 100 characters.",
        { MinimumTraining: < 1 } or { MinimumRecent: < 1 } => "minimumTraining and minimumRecent are at least 1.",
        { PersistHours: < 0 or > 8760 or double.NaN } => "persistHours lies in [0, 8760].",
        { CooldownMinutes: < 0 or double.NaN } => "cooldownMinutes is not negative.",
        { SamplingHours: <= 0 or > 8760 or double.NaN } => "samplingHours lies in (0, 8760].",
        { RolloutPatienceMinutes: < 0 or double.NaN } => "rolloutPatienceMinutes is not negative.",
        { Hyperparameters: null } => "hyperparameters must be given or left out, not null.",
        { Hyperparameters: { Lr0: <= 0 or >= 1 } or { Epochs: < 1 } or { BatchSize: < 1 } or { ReplayShare: < 0 or >= 1 } } =>
            "hyperparameters: lr0 lies in (0, 1), epochs and batchSize are at least 1, replayShare lies in [0, 1).",
        { RolloutSteps.Count: 0 } => "rolloutSteps needs at least one step, or leave it out for the default ones.",
        _ when RolloutSteps?.Any(
            step => step is { Weight: < 0 or > 1 or double.NaN } or { BakeSeconds: < 0 or double.NaN } or { MinimumRequests: < 0 }) == true =>
            "rolloutSteps: weight lies in [0, 1], bakeSeconds and minimumRequests are not negative.",
        _ when RolloutSteps is { } steps && steps.Zip(steps.Skip(1)).Any(pair => pair.Second.Weight <= pair.First.Weight) =>
            "rolloutSteps: each step takes more traffic than the one before.",
        _ => null,
    };

    /// <summary>The sampling policy while a pass collects frames.</summary>
    /// <param name="normal">What the deployment samples otherwise.</param>
    /// <param name="table">What tells drifted frames from usual ones; null = no such rule.</param>
    public SamplingPolicy Raise(SamplingPolicy normal, LikelihoodRatioTable? table, DateTimeOffset now)
    {
        var raised = Sampling ?? normal with
        {
            RandomPerCameraHour = normal.RandomPerCameraHour * 10,
            Caps = (normal.Caps ?? new SamplingCaps()) is var caps ? new SamplingCaps(caps.PerMinute * 10, caps.PerHour * 10, caps.PerDay * 10) : null,
        };
        // Drift is still compared during a pass: a policy of its own must not take the frames away that embeddings come from.
        raised = raised with { EmbeddingsPerCameraHour = Math.Max(raised.EmbeddingsPerCameraHour, normal.EmbeddingsPerCameraHour) };
        return table is null ? raised : raised with { DriftScore = new DriftScoreRule(table, DriftScoreThreshold, now.AddHours(SamplingHours)) };
    }
}

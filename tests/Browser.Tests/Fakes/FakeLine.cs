using System.Collections.Concurrent;

namespace RetrainLoop.Tests.Browser.Fakes;

/// <summary>The deployment that all fakes speak of, and switches for what a test wants to see.</summary>
public sealed class FakeLine(TimeProvider time)
{
    public const string Name = "line";
    public static readonly string[] Names = [Name, "packing", "weld-seam"];
    public static readonly string[] Classes = ["washer", "nut", "bolt", "gear"];
    public static readonly ModelRef Champion = new("line", 1), Candidate = new("line", 2);
    public static readonly Guid TrainingRun = Guid.NewGuid(), Validation = Guid.NewGuid(), Rollout = Guid.NewGuid(), Baseline = Guid.NewGuid();

    public DateTimeOffset Now => time.GetUtcNow();

    /// <summary>False = a stack on which nothing was set up yet.</summary>
    public bool HasDeployment { get; set; } = true;

    public ProviderInfo Provider { get; set; } = new(
        "CPUExecutionProvider", "auto", "CUDA was tried: this ONNX Runtime is built for the CPU; build with -p:Accelerator=cuda or put its CUDA libraries beside the binary.",
        "2 CPU cores", "1.31.1", ".NET 10.0.1", null, 2, 1, 2, false);

    public RolloutState RolloutState { get; set; } = RolloutState.Running;
    public ConcurrentQueue<(string Command, string Reason)> RolloutCommands { get; } = [];

    /// <summary>What persons set of a deployment; the sampling too.</summary>
    public ConcurrentDictionary<string, DeploymentRequest> Settings { get; } = [];

    /// <summary>Set = changes of settings are refused with it.</summary>
    public string? RefuseSettings { get; set; }

    public DeploymentInfo Deployment(string name = Name)
    {
        var (info, set) = (Untouched(name), Settings.GetValueOrDefault(name));
        return info with
        {
            LatencyBudgetMs = set?.LatencyBudgetMs ?? info.LatencyBudgetMs, Zone = set?.Zone ?? info.Zone, OperatingPoint = set?.OperatingPoint ?? info.OperatingPoint,
            Regions = set?.Regions ?? info.Regions, Sampling = set?.Sampling ?? info.Sampling, Revision = info.Revision + (set is null ? 0 : 1),
        };
    }

    public IReadOnlyList<DeploymentTransition> Transitions(string name) => name == Name
        ?
        [
            new(new("line", 0), Champion, "The old champion misses the new washer; agreed with shift lead Weber", "ada", Now.AddDays(-9)),
            new(null, new("line", 0), "Without a reason.", "admin (stack)", Now.AddDays(-31)),
        ]
        : [new(null, Champion, "Without a reason.", "admin (stack)", Now.AddDays(-31))];

    DeploymentInfo Untouched(string name) => new(
        name, Champion, name == Name ? Candidate : null, null, name == Name ? 0.25 : 0, false, Classes, 120, "Europe/Berlin", 0.25,
        [
            new("munich", "Munich", 48.14, 11.58), new("detroit", "Detroit", 42.33, -83.05), new("suzhou", "Suzhou", 31.3, 120.62), new("pune", "Pune", 18.52, 73.86),
        ],
        new SamplingPolicy(), name == Name ? Rollout : null, 7, Now.AddMinutes(-12));

    public static DatasetVersionInfo Dataset(string name, int version, DatasetRole role, int images) => new(
        name, version, "9f2c51d0a7e84b63a9f2c51d0a7e84b63a9f2c51d0a7e84b63a9f2c51d0a7e84", role, Name, Classes, images, images * 6,
        role == DatasetRole.Training ? images * 9 / 10 : 0, role == DatasetRole.Training ? images / 10 : images, null, null,
        $"http://labeling/v1/datasets/{name}/versions/{version}/manifest", $"http://labeling/v1/datasets/{name}/versions/{version}/ground-truth",
        $"http://labeling/v1/datasets/{name}/versions/{version}/export", DateTimeOffset.UnixEpoch);
}

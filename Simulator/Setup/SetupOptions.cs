using System.ComponentModel.DataAnnotations;

namespace RetrainLoop.Simulator.Setup;

/// <summary>Section <c>Simulator:Setup</c>: what the simulator brings to an empty stack.</summary>
public sealed class SetupOptions
{
    /// <summary>False: the deployment is set up by somebody else; cameras wait until it is there.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>Holds <c>line.onnx</c> and <c>line.ckpt</c>. Relative to the program's folder.</summary>
    [Required] public string ModelFolder { get; set; } = "Model";

    [Required] public string ModelName { get; set; } = "line";
    [Range(1, 60_000)] public double LatencyBudgetMs { get; set; } = 200;

    /// <summary>IANA time zone of the deployment.</summary>
    [Required] public string Zone { get; set; } = "Europe/Berlin";

    /// <summary>
    /// Frames that the deployment keeps per camera and hour for drift of embeddings alone. The sample line is compared over minutes, in which the usual
    /// random frames would be a handful.
    /// </summary>
    [Range(0, 1_000_000)] public double EmbeddingsPerCameraHour { get; set; } = 1200;

    /// <summary>The set that the model was trained on: the same seed and count as the command that made the model.</summary>
    [Range(1, 10_000)] public int TrainingFrames { get; set; } = 300;
    [Range(0, 499_999)] public int TrainingSeed { get; set; } = 1;
    [Range(1, 10_000)] public int HoldoutFrames { get; set; } = 200;
    [Range(0, 499_999)] public int HoldoutSeed { get; set; } = 2;

    /// <summary>Pause before a step is tried again.</summary>
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromSeconds(2);
}

using System.ComponentModel.DataAnnotations;
using RetrainLoop.Contracts;

namespace RetrainLoop.Training.Learning;

/// <summary>Everything a training run depends on. Also the options of <c>train</c> on the command line, as <c>--image-size 256</c> and so on.</summary>
public sealed record TrainOptions
{
    /// <summary>Folder in YOLO layout.</summary>
    [Required]
    public string Dataset { get; init; } = "";

    /// <summary>Folder for <c>last.ckpt</c>, <c>best.ckpt</c>, <c>model.onnx</c> and <c>result.json</c>.</summary>
    [Required]
    public string Out { get; init; } = "";

    /// <summary>Checkpoint to start from; its net is used then. None = from scratch.</summary>
    public string? Base { get; init; }

    public NetSize Net { get; init; } = NetSize.Pico;

    [Range(1, 10_000)]
    public int Epochs { get; init; } = 12;

    [Range(32, 4096)]
    public int ImageSize { get; init; } = 256;

    [Range(1, 1024)]
    public int BatchSize { get; init; } = 4;

    /// <summary>Peak learning rate.</summary>
    [Range(1e-7, 1)]
    public double Lr0 { get; init; } = 0.001;

    /// <summary>Share of each epoch drawn from the base dataset's frames.</summary>
    [Range(0, 0.95)]
    public double ReplayShare { get; init; } = 0.5;

    /// <summary>Epochs without a better validation mAP before it stops.</summary>
    [Range(1, 10_000)]
    public int Patience { get; init; } = 10;

    public int Seed { get; init; } = 1;

    /// <summary>Chance that four pictures are joined into one; the last part of the epochs shows whole frames only.</summary>
    [Range(0, 1)]
    public double Mosaic { get; init; } = 0.5;

    /// <summary>CPU threads. One is the quickest beside other work (spinning threads slow each other down).</summary>
    [Range(1, 256)]
    public int Threads { get; init; } = 1;

    /// <summary>Decoded pictures kept in memory, in MiB; the others are decoded again each epoch.</summary>
    [Range(0, 1_000_000)]
    public int CacheMegabytes { get; init; } = 1024;

    /// <summary>Go on from <c>last.ckpt</c> in the output folder when there is one.</summary>
    public bool Resume { get; init; }

    public static TrainOptions From(Hyperparameters parameters, string dataset, string output, string? checkpoint) => new()
    {
        Dataset = dataset,
        Out = output,
        Base = checkpoint,
        Net = parameters.Net,
        Epochs = parameters.Epochs,
        ImageSize = parameters.ImageSize,
        BatchSize = parameters.BatchSize,
        Lr0 = parameters.Lr0,
        ReplayShare = parameters.ReplayShare,
        Patience = parameters.Patience,
        Seed = parameters.Seed,
        Resume = true,
    };
}

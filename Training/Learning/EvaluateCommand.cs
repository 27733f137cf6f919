using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using RetrainLoop.Training.Checkpoints;
using RetrainLoop.Training.Data;
using RetrainLoop.Training.Nets;
using static TorchSharp.torch;

namespace RetrainLoop.Training.Learning;

/// <summary>Options of <c>evaluate</c>.</summary>
public sealed record EvaluateOptions
{
    [Required]
    public string Checkpoint { get; init; } = "";

    /// <summary>Folder in YOLO layout; its validation split is measured.</summary>
    [Required]
    public string Dataset { get; init; } = "";

    [Range(1, 256)]
    public int Threads { get; init; } = 1;
}

/// <summary>The verb <c>evaluate --checkpoint FILE --dataset DIR</c>: prints mAP on the validation split as JSON.</summary>
public static class EvaluateCommand
{
    public const string Verb = "evaluate";

    public static int Run(string[] arguments)
    {
        try
        {
            var options = CommandLine.Read<EvaluateOptions>(arguments);
            set_num_threads(options.Threads);
            var dataset = YoloDataset.Read(options.Dataset);
            var (header, net) = Checkpoints.Checkpoint.Read(options.Checkpoint);
            if (!header.ClassNames.SequenceEqual(dataset.ClassNames))
                throw new DatasetException(
                    $"The checkpoint knows {string.Join(", ", header.ClassNames)}, the dataset {string.Join(", ", dataset.ClassNames)}.");
            using var grid = AnchorGrid.Of(header.ImageSize);
            using (net)
            {
                var precision = Validation.Validator.Measure(net, new PictureCache(dataset.Validation, header.ImageSize, 0), grid, 8, CPU);
                Console.WriteLine(JsonSerializer.Serialize(new Dictionary<string, double>
                {
                    ["mAP50"] = Math.Round(precision.At50, 5), ["mAP50-95"] = Math.Round(precision.Mean, 5), ["images"] = dataset.Validation.Count,
                }));
            }
            return 0;
        }
        catch (Exception error) when (error is DatasetException or CheckpointException or CommandLineException or IOException)
        {
            Console.Error.WriteLine(error.Message);
            return 1;
        }
    }
}

using System.ComponentModel.DataAnnotations;
using System.Globalization;
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
}

/// <summary>The verb <c>evaluate --checkpoint FILE --dataset DIR</c>: prints mAP on the validation split.</summary>
public static class EvaluateCommand
{
    public const string Verb = "evaluate";

    public static int Run(string[] arguments)
    {
        try
        {
            var options = CommandLine.Read<EvaluateOptions>(arguments);
            var dataset = YoloDataset.Read(options.Dataset);
            var (header, net) = Checkpoints.Checkpoint.Read(options.Checkpoint);
            if (!header.ClassNames.SequenceEqual(dataset.ClassNames))
                throw new DatasetException($"The checkpoint knows {string.Join(", ", header.ClassNames)}, the dataset {string.Join(", ", dataset.ClassNames)}.");
            using var grid = AnchorGrid.Of(header.ImageSize);
            using (net)
            {
                var precision = Validation.Validator.Measure(net, new PictureCache(dataset.Validation, header.ImageSize, 0), grid, 8, CPU);
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"mAP50 {precision.At50:F4}  mAP50-95 {precision.Mean:F4}  on {dataset.Validation.Count} images"));
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

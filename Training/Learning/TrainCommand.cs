using System.Globalization;
using System.Text.Json;
using RetrainLoop.Contracts;
using RetrainLoop.Training.Checkpoints;
using RetrainLoop.Training.Data;

namespace RetrainLoop.Training.Learning;

/// <summary>
/// The verb <c>train</c>. For people: <c>train --dataset DIR --out DIR [--net pico] [--epochs 30] ...</c>, tells in text.
/// For the service: <c>train --work DIR</c>, reads <c>request.json</c> there, tells in JSON lines, and ends when its standard input closes,
/// so that it never outlives the service.
/// </summary>
public static class TrainCommand
{
    public const string Verb = "train", WorkOption = "--work", RequestFile = "request.json";

    /// <returns>0 = done, 1 = refused with a sentence on standard error.</returns>
    public static int Run(string[] arguments)
    {
        try
        {
            if (arguments is [WorkOption, var folder]) Train(ReadRequest(folder), WriteJson, EndOfInput());
            else Train(CommandLine.Read<TrainOptions>(arguments), WriteText, CancellationToken.None);
            return 0;
        }
        catch (Exception error) when (
            error is DatasetException or CheckpointException or TrainingException or CommandLineException or ArgumentException or IOException)
        {
            Console.Error.WriteLine(error.Message);
            return 1;
        }
    }

    static void Train(TrainOptions options, Action<ProgressLine> report, CancellationToken cancellation) =>
        new TorchSharpTrainer(options, report, TimeProvider.System).Run(cancellation);

    static TrainOptions ReadRequest(string folder) =>
        JsonSerializer.Deserialize<TrainOptions>(File.ReadAllBytes(Path.Combine(folder, RequestFile)), ContractJson.Options)
        ?? throw new CommandLineException($"{RequestFile} is empty.");

    /// <summary>The process that started this one holds the other end of standard input: when it is gone, so is the reason to work.</summary>
    static CancellationToken EndOfInput()
    {
        var watcher = new Thread(() =>
        {
            var input = Console.OpenStandardInput();
            var buffer = new byte[64];
            while (input.Read(buffer) > 0) { }
            Environment.Exit(3);
        })
        { IsBackground = true };
        watcher.Start();
        return CancellationToken.None;
    }

    static void WriteJson(ProgressLine line) => Console.Out.WriteLine(JsonSerializer.Serialize(line, ContractJson.Options));

    static void WriteText(ProgressLine line) => Console.Out.WriteLine(line switch
    {
        { Epoch: { } epoch } => Text(
            $"epoch {epoch.Epoch,3}  box {epoch.BoxLoss:F3}  class {epoch.ClassLoss:F3}  dfl {epoch.DflLoss:F3}  ")
            + Text($"mAP50 {epoch.MeanAveragePrecision50:F4}  mAP50-95 {epoch.MeanAveragePrecision:F4}  lr {epoch.LearningRate:G3}  {epoch.Seconds:F1} s"),
        { Result: { } result } =>
            $"Best epoch {result.BestEpoch} of {result.Epochs}: {string.Join(", ", result.Metrics.Select(metric => Text($"{metric.Key} {metric.Value:F4}")))}.",
        { Log: { } sentence } => sentence,
        _ => $"{line.Earlier?.Count ?? 0} epochs were done before.",
    });

    static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

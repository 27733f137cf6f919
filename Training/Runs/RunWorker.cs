using Microsoft.Extensions.Options;
using RetrainLoop.ServiceDefaults.Blobs;
using RetrainLoop.ServiceDefaults.Hosting;
using RetrainLoop.Training.Data;
using RetrainLoop.Training.Learning;

namespace RetrainLoop.Training.Runs;

/// <summary>
/// Takes runs from the queue and carries them through, one at a time: fetch, train in a process, keep the results. Whatever happens becomes an
/// event of the run.
/// </summary>
public sealed partial class RunWorker(
    RunQueue queue, RunIntake intake, BlobStore blobs, TimeProvider time, IOptions<TrainingOptions> options, ILogger<RunWorker> logger)
    : LeasedWorker<TrainingRun>(time, logger)
{
    const string Actor = "worker";

    protected override TimeSpan Interval => options.Value.Poll;

    protected override TimeSpan Lease => options.Value.Lease;

    protected override TimeSpan Renewal => options.Value.Heartbeat;

    protected override string NameOf(TrainingRun run) => $"Run {run.Id}";

    protected override Task<TrainingRun?> ClaimAsync(CancellationToken cancellationToken) => queue.ClaimAsync(Owner, cancellationToken);

    protected override async Task<bool> RenewAsync(TrainingRun run, CancellationToken cancellationToken) =>
        await queue.ApplyAsync(run.Id, new RunEvent.Renew(Owner, Lease), Actor, cancellationToken) is { Run: not null };

    protected override Task ReleaseAsync(TrainingRun run, CancellationToken cancellationToken) => queue.ApplyAsync(
        run.Id, new RunEvent.Release(Owner, "the service stopped; it goes on from the last checkpoint"), Actor, cancellationToken);

    protected override async Task WorkAsync(TrainingRun run, CancellationToken cancellationToken)
    {
        try
        {
            var (end, results) = await TrainAsync(run, cancellationToken);
            await EndAsync(run, end, results);
        }
        catch (OperationCanceledException)
        {
            await TidyAsync(run); // a person may have cancelled it
            throw;
        }
    }

    protected override Task FailAsync(TrainingRun run, Exception exception, CancellationToken cancellationToken) => EndAsync(run, new RunEvent.Fail(
        Owner, exception is DatasetException or InvalidDataException or HttpRequestException or IOException
            ? exception.Message
            : $"It broke unexpectedly: {exception.Message} The service's log has more; queue it again under another key to try once more."));

    async Task<(RunEvent End, RunResults? Results)> TrainAsync(TrainingRun run, CancellationToken cancellationToken)
    {
        var folder = RunFolder.Of(options.Value, run.Id);
        await intake.PrepareAsync(run, folder, cancellationToken);
        var exit = await TrainerProcess.RunAsync(folder, options.Value, told => TellAsync(run, told, cancellationToken), cancellationToken);
        if (exit.Killed)
        {
            LogKilled(run.Id, exit.ExitCode, exit.LastWords);
            return (new RunEvent.Release(Owner, $"its process was killed (exit code {exit.ExitCode}); it goes on from the last checkpoint"), null);
        }
        if (exit.Result is null || exit.ExitCode != 0) return (new RunEvent.Fail(Owner, Explain(exit)), null);
        await using var onnx = File.OpenRead(folder.Output.Onnx);
        await using var checkpoint = File.OpenRead(folder.Output.Best);
        var results = new RunResults(
            await blobs.PutAsync(onnx, cancellationToken), await blobs.PutAsync(checkpoint, cancellationToken), exit.Result.Metrics);
        return (new RunEvent.Succeed(Owner), results);
    }

    async Task TellAsync(TrainingRun run, ProgressLine told, CancellationToken cancellationToken)
    {
        if (told.Log is { } sentence) LogTold(run.Id, sentence);
        RunEvent alive = told.Epoch is null ? new RunEvent.Renew(Owner, Lease) : new RunEvent.Progress(Owner, Lease);
        var (_, refusal) = await queue.ApplyAsync(
            run.Id, alive, Actor, cancellationToken, epochs: told.Epoch is { } epoch ? [epoch] : told.Earlier);
        if (refusal is not null) throw new LeaseLostException();
    }

    async Task EndAsync(TrainingRun run, RunEvent end, RunResults? results = null)
    {
        await queue.ApplyAsync(run.Id, end, Actor, CancellationToken.None, results);
        await TidyAsync(run);
    }

    async Task TidyAsync(TrainingRun run)
    {
        if (await queue.IsFinishedAsync(run.Id, CancellationToken.None)) RunFolder.Of(options.Value, run.Id).Delete();
    }

    static string Explain(TrainerExit exit) => exit.LastWords.Length > 0
        ? exit.ExitCode == 1 ? exit.LastWords : $"The training process ended with code {exit.ExitCode}. Its last lines: {exit.LastWords}"
        : $"The training process ended with code {exit.ExitCode} and said nothing.";

    [LoggerMessage(Level = LogLevel.Information, Message = "Run {Run}: {Sentence}")]
    partial void LogTold(Guid run, string sentence);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Run {Run}: its process was killed (exit code {ExitCode}). Last lines: {LastWords}")]
    partial void LogKilled(Guid run, int exitCode, string lastWords);
}

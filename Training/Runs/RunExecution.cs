using Microsoft.Extensions.Options;
using Npgsql;
using RetrainLoop.ServiceDefaults.Blobs;
using RetrainLoop.Training.Data;

namespace RetrainLoop.Training.Runs;

/// <summary>Carries a claimed run through: fetch, train in a process, keep the results. Whatever happens becomes an event of the run.</summary>
public sealed partial class RunExecution(
    RunQueue queue, RunIntake intake, BlobStore blobs, TimeProvider time, IOptions<TrainingOptions> options, ILogger<RunExecution> logger)
{
    const string Actor = "worker";

    /// <param name="stopping">The service stops: the run is given back.</param>
    public async Task RunAsync(TrainingRun run, Guid worker, CancellationToken stopping)
    {
        using var lost = new CancellationTokenSource(); // the run is no longer this worker's
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(stopping, lost.Token);
        var heart = BeatAsync(run.Id, worker, lost, stop.Token);
        try
        {
            var (end, results) = await EndAsync(run, worker, lost, stop.Token);
            if (lost.IsCancellationRequested) LogLost(run.Id);
            else await queue.ApplyAsync(run.Id, end, Actor, CancellationToken.None, results);
        }
        finally
        {
            await stop.CancelAsync();
            await heart;
        }
        if (await queue.IsFinishedAsync(run.Id, CancellationToken.None)) RunFolder.Of(options.Value, run.Id).Delete();
    }

    async Task<(RunEvent End, RunResults? Results)> EndAsync(TrainingRun run, Guid worker, CancellationTokenSource lost, CancellationToken cancellation)
    {
        try
        {
            return await TrainAsync(run, worker, lost, cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return (new RunEvent.Release(worker, "the service stopped; it goes on from the last checkpoint"), null);
        }
        catch (Exception error) when (error is DatasetException or InvalidDataException or HttpRequestException or IOException)
        {
            return (new RunEvent.Fail(worker, error.Message), null);
        }
    }

    async Task<(RunEvent End, RunResults? Results)> TrainAsync(TrainingRun run, Guid worker, CancellationTokenSource lost, CancellationToken cancellation)
    {
        var folder = RunFolder.Of(options.Value, run.Id);
        await intake.PrepareAsync(run, folder, cancellation);
        var exit = await TrainerProcess.RunAsync(folder, options.Value, async told =>
        {
            if (told.Log is { } sentence) LogTold(run.Id, sentence);
            RunEvent alive = told.Epoch is null ? new RunEvent.Renew(worker, options.Value.Lease) : new RunEvent.Progress(worker, options.Value.Lease);
            var (_, refusal) = await queue.ApplyAsync(run.Id, alive, Actor, cancellation, epochs: told.Epoch is { } epoch ? [epoch] : told.Earlier);
            if (refusal is not null) await lost.CancelAsync();
        }, cancellation);

        if (exit.Killed)
        {
            LogKilled(run.Id, exit.ExitCode, exit.LastWords);
            return (new RunEvent.Release(worker, $"its process was killed (exit code {exit.ExitCode}); it goes on from the last checkpoint"), null);
        }
        if (exit.Result is null || exit.ExitCode != 0) return (new RunEvent.Fail(worker, Explain(exit)), null);
        await using var onnx = File.OpenRead(folder.Output.Onnx);
        await using var checkpoint = File.OpenRead(folder.Output.Best);
        var results = new RunResults(await blobs.PutAsync(onnx, cancellation), await blobs.PutAsync(checkpoint, cancellation), exit.Result.Metrics);
        return (new RunEvent.Succeed(worker), results);
    }

    static string Explain(TrainerExit exit) => exit.LastWords.Length > 0
        ? exit.ExitCode == 1 ? exit.LastWords : $"The training process ended with code {exit.ExitCode}. Its last lines: {exit.LastWords}"
        : $"The training process ended with code {exit.ExitCode} and said nothing.";

    /// <summary>Renews the lease until told to stop. A refusal, or no renewal for a whole lease, means that the run is no longer ours.</summary>
    async Task BeatAsync(Guid run, Guid worker, CancellationTokenSource lost, CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(options.Value.Heartbeat, time);
        var renewed = time.GetTimestamp();
        try
        {
            while (await timer.WaitForNextTickAsync(cancellation))
            {
                try
                {
                    var (held, _) = await queue.ApplyAsync(run, new RunEvent.Renew(worker, options.Value.Lease), Actor, cancellation);
                    if (held is null) await lost.CancelAsync();
                    else renewed = time.GetTimestamp();
                }
                catch (Exception error) when (error is NpgsqlException or TimeoutException)
                {
                    LogDatabaseAway(error.Message);
                    if (time.GetElapsedTime(renewed) > options.Value.Lease) await lost.CancelAsync();
                }
            }
        }
        catch (OperationCanceledException)
        {
            // told to stop
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Run {Run}: {Sentence}")]
    partial void LogTold(Guid run, string sentence);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Run {Run}: its process was killed (exit code {ExitCode}). Last lines: {LastWords}")]
    partial void LogKilled(Guid run, int exitCode, string lastWords);

    [LoggerMessage(Level = LogLevel.Information, Message = "Run {Run} was cancelled or taken over; its process is ended")]
    partial void LogLost(Guid run);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The lease cannot be renewed now ({Reason}); trying again")]
    partial void LogDatabaseAway(string reason);
}

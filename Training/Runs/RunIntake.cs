using System.IO.Compression;
using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Polly;
using RetrainLoop.Contracts;
using RetrainLoop.ServiceDefaults.Blobs;
using RetrainLoop.Training.Data;
using RetrainLoop.Training.Learning;

namespace RetrainLoop.Training.Runs;

/// <summary>Brings what a run needs into its folder: the dataset, the base checkpoint, the request for the training process.</summary>
public sealed partial class RunIntake(BlobStore blobs, TimeProvider time, IOptions<TrainingOptions> options, ILogger<RunIntake> logger)
{
    static readonly TimeSpan Pause = TimeSpan.FromSeconds(2), Patience = TimeSpan.FromMinutes(10);

    /// <exception cref="DatasetException">The dataset is not usable, or is not the one that was promised.</exception>
    /// <exception cref="InvalidDataException">A reference leads outside the stack, or to other bytes.</exception>
    /// <exception cref="HttpRequestException">The owner refuses, or has not answered for ten minutes.</exception>
    public async Task PrepareAsync(TrainingRun run, RunFolder folder, CancellationToken cancellation)
    {
        Directory.CreateDirectory(folder.Path);
        if (!Directory.Exists(folder.Dataset)) await FetchDatasetAsync(run.Request.Dataset, folder, cancellation);
        CheckClasses(run.Request.Dataset, folder);
        var checkpoint = run.Request.Checkpoint is { } given ? await PatientlyAsync(() => blobs.FetchAsync(given, cancellation), cancellation) : null;
        var start = checkpoint is null ? null : await blobs.FileOfAsync(checkpoint.Sha256, cancellation);
        var request = TrainOptions.From(run.Request.Hyperparameters, folder.Dataset, folder.Path, start) with { Threads = options.Value.Threads };
        await File.WriteAllBytesAsync(folder.Request, JsonSerializer.SerializeToUtf8Bytes(request, ContractJson.Options), cancellation);
    }

    async Task FetchDatasetAsync(DatasetVersionInfo dataset, RunFolder folder, CancellationToken cancellation)
    {
        await using (var archive = File.Create(folder.Archive))
        await using (var source = await PatientlyAsync(() => blobs.OpenRemoteAsync(dataset.Export, cancellation), cancellation))
            await source.CopyToAsync(archive, cancellation);
        var beside = folder.Dataset + ".part";
        if (Directory.Exists(beside)) Directory.Delete(beside, recursive: true);
        ZipFile.ExtractToDirectory(folder.Archive, beside); // refuses entries that lead outside
        Directory.Move(beside, folder.Dataset);
        File.Delete(folder.Archive);
    }

    static void CheckClasses(DatasetVersionInfo dataset, RunFolder folder)
    {
        var found = DatasetDescription.Read(folder.Dataset).ClassNames;
        if (!found.SequenceEqual(dataset.ClassNames))
            throw new DatasetException(
                $"The export of {dataset.Ref} has the classes {string.Join(", ", found)}, but {string.Join(", ", dataset.ClassNames)} were promised. "
                + "Freeze the dataset again.");
    }

    /// <summary>A service that is away is waited for; one that refuses is believed.</summary>
    async Task<T> PatientlyAsync<T>(Func<Task<T>> fetch, CancellationToken cancellation)
    {
        var started = time.GetTimestamp();
        while (true)
        {
            try
            {
                return await fetch();
            }
            catch (Exception error) when (IsAway(error) && time.GetElapsedTime(started) < Patience)
            {
                LogAway(error.Message);
                await Task.Delay(Pause, time, cancellation);
            }
            catch (ExecutionRejectedException error)
            {
                throw new HttpRequestException(error.Message, error);
            }
        }
    }

    /// <summary>Also when the pipeline of HTTP clients lost its patience with it.</summary>
    static bool IsAway(Exception error) => error is ExecutionRejectedException
        or HttpRequestException { StatusCode: null or >= HttpStatusCode.InternalServerError };

    [LoggerMessage(Level = LogLevel.Warning, Message = "What the run needs cannot be fetched now ({Reason}); trying again")]
    partial void LogAway(string reason);
}

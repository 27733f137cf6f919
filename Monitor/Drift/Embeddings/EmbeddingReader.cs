using Npgsql;
using RetrainLoop.Contracts;
using RetrainLoop.Monitor.Baselines;

namespace RetrainLoop.Monitor.Drift.Embeddings;

/// <summary>Brings a window's embeddings and the baseline's together. A report is made without them rather than not at all.</summary>
public sealed partial class EmbeddingReader(NpgsqlDataSource database, SampledEmbeddings sampled, ILogger<EmbeddingReader> logger)
{
    /// <summary>Reads and keeps what a baseline that just locked has of embeddings. When Inference is away, the first comparison does it.</summary>
    public async Task KeepReferenceAsync(Guid baseline, CancellationToken cancellationToken)
    {
        if (await BaselineStore.FindAsync(database, baseline, cancellationToken) is not { } locked) return;
        try
        {
            await ReferenceAsync(locked.Info, await BaselineCells.ReadAsync(database, locked, cancellationToken), cancellationToken);
        }
        catch (HttpRequestException exception)
        {
            LogAway(locked.Info.Deployment, exception.Message);
        }
    }

    /// <summary>Distances of each window, or why there are none.</summary>
    /// <param name="before">The baseline's window, with its cameras and cells.</param>
    /// <param name="windows">The newest first.</param>
    public async Task<EmbeddingWindows> ReadAsync(
        BaselineInfo baseline, SignalWindow before, IReadOnlyList<SignalWindow> windows, CancellationToken cancellationToken)
    {
        try
        {
            var reference = await ReferenceAsync(baseline, before, cancellationToken);
            if (reference.Missing is { } missing) return EmbeddingWindows.None(missing);
            var read = new List<SignalWindow>();
            foreach (var window in windows)
            {
                var frames = await sampled.ReadAsync(baseline.Deployment, baseline.Model, window.From, window.To, cancellationToken);
                var cells = reference.CellsOf(frames, before.CellSeconds);
                if (read.Count == 0 && cells.Count == 0) return EmbeddingWindows.None(frames.Count == 0
                    ? $"No random frame of {baseline.Model} was kept in this window: the deployment's sampling (randomPerCameraHour, embeddingsPerCameraHour) says how many are."
                    : $"The baseline has no embeddings of the cameras that the window's {frames.Count} random frames are from.");
                read.Add(EmbeddingWindows.Window(cells, window));
            }
            return EmbeddingWindows.Of(EmbeddingWindows.Window(reference.Cells, before), read);
        }
        catch (HttpRequestException exception)
        {
            LogAway(baseline.Deployment, exception.Message);
            return EmbeddingWindows.None(exception.Message);
        }
    }

    /// <summary>The distances that a report compared, as they were kept with it; null when it had none.</summary>
    public async Task<(SignalWindow Baseline, SignalWindow Current)?> KeptAsync(
        DriftReport report, SignalWindow before, SignalWindow now, CancellationToken cancellationToken) =>
        await EmbeddingStore.FindCellsAsync(database, report.Id, cancellationToken) is { } cells
        && await EmbeddingStore.FindReferenceAsync(database, report.Baseline, cancellationToken) is { } reference
            ? (EmbeddingWindows.Window(reference.Cells, before), EmbeddingWindows.Window(cells, now))
            : null;

    /// <exception cref="HttpRequestException">It was not kept yet and Inference does not answer.</exception>
    async Task<EmbeddingReference> ReferenceAsync(BaselineInfo baseline, SignalWindow before, CancellationToken cancellationToken)
    {
        if (await EmbeddingStore.FindReferenceAsync(database, baseline.Id, cancellationToken) is { } kept) return kept;
        var frames = await sampled.ReadAsync(baseline.Deployment, baseline.Model, before.From, before.To, cancellationToken);
        var reference = EmbeddingReference.Of(frames, before.Cameras, before.CellSeconds);
        if (frames.Count == 0) reference = reference with { Missing = await sampled.WhyNoneAsync(baseline.Model, cancellationToken) };
        await EmbeddingStore.KeepReferenceAsync(database, baseline.Id, reference, cancellationToken);
        return reference;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Deployment} is compared without embeddings: {Reason}")]
    partial void LogAway(string deployment, string reason);
}

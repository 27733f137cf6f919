namespace RetrainLoop.Simulator.Line;

/// <summary>Frames on their way, at most so many at once; one too many is dropped and counted, never queued.</summary>
public sealed partial class InFlight(int most, LineCounters counters, ILogger logger) : IDisposable
{
    readonly SemaphoreSlim slots = new(most);

    /// <summary>Runs the work beside the caller, or drops it.</summary>
    public void Run(Func<Task> work)
    {
        if (slots.Wait(0, CancellationToken.None)) _ = Task.Run(() => HoldAsync(work), CancellationToken.None);
        else counters.CountDropped();
    }

    async Task HoldAsync(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (Exception problem) when (problem is not OperationCanceledException)
        {
            counters.CountError("failed");
            LogFailed(problem);
        }
        finally
        {
            slots.Release();
        }
    }

    public void Dispose() => slots.Dispose();

    [LoggerMessage(Level = LogLevel.Error, Message = "A frame could not be rendered or sent")]
    partial void LogFailed(Exception exception);
}

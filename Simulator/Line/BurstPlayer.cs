using Microsoft.Extensions.Options;
using RetrainLoop.Simulator.Frames;
using RetrainLoop.Simulator.Scenes;

namespace RetrainLoop.Simulator.Line;

/// <summary>
/// Plays bursts: sends a few frames again and again, faster than the service can answer. They are rendered once, because rendering
/// would use up the processor that the service is to be overloaded on.
/// </summary>
public sealed class BurstPlayer(LineControl control, FrameSender sender, LineCounters counters, IOptions<LineOptions> options, TimeProvider time) : BackgroundService
{
    const int DifferentFrames = 16;
    static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(10);
    readonly SemaphoreSlim slots = new(options.Value.MostBurstInFlight);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var (settings, changed) = control.Current;
            using var wake = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, changed);
            try
            {
                if (settings.BurstAt(time.GetUtcNow()) is { } burst) await PlayAsync(settings, burst, wake.Token, stoppingToken);
                else await Task.Delay(Timeout.InfiniteTimeSpan, time, wake.Token);
            }
            catch (OperationCanceledException)
            {
            }
        }
    }

    async Task PlayAsync(LineSettings settings, Burst burst, CancellationToken changed, CancellationToken stopping)
    {
        var frames = await Task.Run(() => RenderFrames(changed), changed);
        var started = time.GetTimestamp();
        long due = 0;
        for (long sent = 0; settings.BurstAt(time.GetUtcNow()) is not null; await Task.Delay(Tick, time, changed))
        {
            due = (long)(time.GetElapsedTime(started).TotalSeconds * burst.RequestsPerSecond);
            for (; sent < due; sent++)
            {
                var (frame, jpeg) = frames[sent % frames.Length];
                if (slots.Wait(0, stopping)) _ = SendAsync(frame, jpeg, stopping);
                else counters.CountDropped();
            }
        }
    }

    (FrameId Frame, byte[] Jpeg)[] RenderFrames(CancellationToken cancellation)
    {
        var frames = new (FrameId, byte[])[DifferentFrames];
        for (var i = 0; i < frames.Length; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            var frame = control.NextFrame(LineCamera.All[i % LineCamera.All.Count].Name);
            frames[i] = (frame, FrameRenderer.Jpeg(frame));
        }
        return frames;
    }

    async Task SendAsync(FrameId frame, byte[] jpeg, CancellationToken stopping)
    {
        try
        {
            await sender.SendAsync(frame, FrameBody.Jpeg(jpeg), slow: false, stopping);
        }
        finally
        {
            slots.Release();
        }
    }

    public override void Dispose()
    {
        slots.Dispose();
        base.Dispose();
    }
}

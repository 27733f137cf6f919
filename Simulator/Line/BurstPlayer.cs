using Microsoft.Extensions.Options;
using RetrainLoop.Simulator.Frames;
using RetrainLoop.Simulator.Scenes;

namespace RetrainLoop.Simulator.Line;

/// <summary>
/// Plays bursts: sends a few frames again and again, faster than the service can answer. They are rendered once, because rendering
/// would use up the processor that the service is to be overloaded on.
/// </summary>
public sealed class BurstPlayer(
    LineControl control, FrameSender sender, LineCounters counters, IOptions<LineOptions> options, TimeProvider time, ILogger<BurstPlayer> logger)
    : BackgroundService
{
    const int DifferentFrames = 16;
    static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(10);
    readonly InFlight inFlight = new(options.Value.MostBurstInFlight, counters, logger);

    /// <summary>A burst as it is played. Other settings may change meanwhile; the end identifies it.</summary>
    sealed record Round(Burst Burst, DateTimeOffset Until, (FrameId Id, Lazy<byte[]> Jpeg)[] Frames)
    {
        public long Total => (long)Math.Round(Burst.RequestsPerSecond * Burst.Seconds);
        public long Sent { get; set; }

        public long DueAt(DateTimeOffset now) =>
            Math.Clamp((long)((Burst.Seconds - (Until - now).TotalSeconds) * Burst.RequestsPerSecond), 0, Total);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        Round? round = null;
        while (!stoppingToken.IsCancellationRequested)
        {
            var (settings, changed) = control.Current;
            using var wake = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, changed);
            if (settings is not { Burst: { } burst, BurstUntil: { } until }) round = null;
            else if (round?.Until != until) round = new Round(burst, until, PickFrames());
            if (round is not null) await PlayAsync(round, wake.Token, stoppingToken);
            await Task.Delay(Timeout.InfiniteTimeSpan, time, wake.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    async Task PlayAsync(Round round, CancellationToken changed, CancellationToken stopping)
    {
        while (round.Sent < round.Total && !changed.IsCancellationRequested)
        {
            for (var due = round.DueAt(time.GetUtcNow()); round.Sent < due; round.Sent++)
            {
                var (frame, jpeg) = round.Frames[round.Sent % round.Frames.Length];
                inFlight.Run(() => sender.SendAsync(frame, FrameBody.Jpeg(jpeg.Value), slow: false, stopping));
            }
            await Task.Delay(Tick, time, changed).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    (FrameId, Lazy<byte[]>)[] PickFrames() =>
    [
        .. Enumerable.Range(0, DifferentFrames).Select(i =>
        {
            var frame = control.NextFrame(LineCamera.All[i % LineCamera.All.Count].Name);
            return (frame, new Lazy<byte[]>(() => FrameRenderer.Jpeg(frame)));
        }),
    ];

    public override void Dispose()
    {
        inFlight.Dispose();
        base.Dispose();
    }
}

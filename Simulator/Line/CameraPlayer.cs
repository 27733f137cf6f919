using Microsoft.Extensions.Options;
using RetrainLoop.Simulator.Frames;
using RetrainLoop.Simulator.Scenes;
using RetrainLoop.Simulator.Setup;

namespace RetrainLoop.Simulator.Line;

/// <summary>Plays the four cameras: each sends frames at random instants, independent of the others and of whether anybody answers.</summary>
public sealed class CameraPlayer(
    LineControl control, FrameSender sender, LineCounters counters, SetupProgress setup, IOptions<LineOptions> options, TimeProvider time,
    ILogger<CameraPlayer> logger) : BackgroundService
{
    readonly InFlight inFlight = new(options.Value.MostInFlight, counters, logger);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await setup.DeploymentReady.WaitAsync(stoppingToken);
        await Task.WhenAll(LineCamera.All.Select(camera => PlayAsync(camera, stoppingToken)));
    }

    async Task PlayAsync(LineCamera camera, CancellationToken stopping)
    {
        var random = RandomStream.Of(4, camera.Index, control.Settings.Seed);
        while (!stopping.IsCancellationRequested)
        {
            var (settings, changed) = control.Current;
            using var wake = CancellationTokenSource.CreateLinkedTokenSource(stopping, changed);
            var rate = RateOf(camera, settings);
            try
            {
                await Task.Delay(rate > 0 ? Arrivals.Next(ref random, rate) : Timeout.InfiniteTimeSpan, time, wake.Token);
            }
            catch (OperationCanceledException)
            {
                continue;
            }
            var frame = control.NextFrame(camera.Name);
            var malformed = random.NextFloat() < settings.MalformedShare ? random.NextInt(MalformedFrame.Kinds) : (int?)null;
            var slow = random.NextFloat() < settings.SlowClients;
            inFlight.Run(() => SendAsync(frame, malformed, slow, stopping));
        }
    }

    double RateOf(LineCamera camera, LineSettings settings)
    {
        if (settings.Paused) return 0;
        var longitude = LineCamera.Regions.Single(region => region.Name == camera.Region).Longitude;
        return settings.FramesPerSecond / LineCamera.All.Count * Arrivals.DayFactor(time.GetUtcNow(), longitude, options.Value.DaySwing);
    }

    Task SendAsync(FrameId frame, int? malformed, bool slow, CancellationToken stopping)
    {
        var jpeg = FrameRenderer.Jpeg(frame);
        return sender.SendAsync(frame, malformed is { } kind ? MalformedFrame.Make(kind, jpeg) : FrameBody.Jpeg(jpeg), slow, stopping);
    }

    public override void Dispose()
    {
        inFlight.Dispose();
        base.Dispose();
    }
}

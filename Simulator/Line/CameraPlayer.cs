using Microsoft.Extensions.Options;
using RetrainLoop.Simulator.Setup;
using RetrainLoop.Simulator.Frames;
using RetrainLoop.Simulator.Scenes;

namespace RetrainLoop.Simulator.Line;

/// <summary>Plays the four cameras: each sends frames at random instants, independent of the others and of whether anybody answers.</summary>
public sealed class CameraPlayer(
    LineControl control, FrameSender sender, LineCounters counters, SetupProgress setup, IOptions<LineOptions> options, TimeProvider time) : BackgroundService
{
    readonly SemaphoreSlim slots = new(options.Value.MostInFlight);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await setup.DeploymentReady.WaitAsync(stoppingToken);
        await Task.WhenAll(LineCamera.All.Select(camera => PlayAsync(camera, stoppingToken)));
    }

    async Task PlayAsync(LineCamera camera, CancellationToken stopping)
    {
        var random = RandomStream.Of(4, camera.Index, control.Settings.Seed);
        var longitude = LineCamera.Regions.Single(region => region.Name == camera.Region).Longitude;
        while (!stopping.IsCancellationRequested)
        {
            var (settings, changed) = control.Current;
            using var wake = CancellationTokenSource.CreateLinkedTokenSource(stopping, changed);
            var rate = settings.Paused ? 0
                : settings.FramesPerSecond / LineCamera.All.Count * Arrivals.DayFactor(time.GetUtcNow(), longitude, options.Value.DaySwing);
            try
            {
                await Task.Delay(rate > 0 ? Arrivals.Next(ref random, rate) : Timeout.InfiniteTimeSpan, time, wake.Token);
            }
            catch (OperationCanceledException)
            {
                continue;
            }
            var frame = control.NextFrame(camera.Name);
            var (malformed, slow, kind) = (random.NextFloat() < settings.MalformedShare, random.NextFloat() < settings.SlowClients, random.NextInt(MalformedFrame.Kinds));
            if (slots.Wait(0, stopping)) _ = SendAsync(frame, malformed ? kind : null, slow, stopping);
            else counters.CountDropped();
        }
    }

    async Task SendAsync(FrameId frame, int? malformed, bool slow, CancellationToken stopping)
    {
        try
        {
            var jpeg = await Task.Run(() => FrameRenderer.Jpeg(frame), stopping);
            await sender.SendAsync(frame, malformed is { } kind ? MalformedFrame.Make(kind, jpeg) : FrameBody.Jpeg(jpeg), slow, stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
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

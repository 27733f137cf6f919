using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using RetrainLoop.Simulator.Frames;
using RetrainLoop.Simulator.LabelledSets;

namespace RetrainLoop.Simulator.Line;

/// <summary>Holds how the line runs, and wakes those who play it when that changes; thread safe.</summary>
public sealed class LineControl
{
    // Seconds since then seed the frames of a start: unlike those of any other start, and of any labelled set.
    static readonly DateTimeOffset Epoch = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    readonly TimeProvider time;
    readonly Watched<LineSettings> settings;
    readonly ConcurrentDictionary<(string Camera, int Seed), int> numbers = new();

    public LineControl(IOptions<LineOptions> options, TimeProvider time)
    {
        this.time = time;
        var seed = options.Value.Seed ?? LabelledSetRequest.FirstLiveSeed + (int)((time.GetUtcNow() - Epoch).TotalSeconds % 2_000_000_000);
        settings = new(new LineSettings(options.Value.FramesPerSecond, false, 0, 0, Drift.None, seed, null, null));
    }

    public LineSettings Settings => settings.Current.Value;

    /// <summary>The settings and a token that is cancelled when they are replaced.</summary>
    public (LineSettings Settings, CancellationToken Changed) Current => settings.Current;

    public LineSettings Apply(LineChange change)
    {
        if (change.Seed is not null) numbers.Clear();
        return settings.Replace(before => before.With(change, time.GetUtcNow()));
    }

    /// <summary>The id of a camera's next frame.</summary>
    public FrameId NextFrame(string camera)
    {
        var now = Settings;
        return new FrameId(camera, now.Seed, numbers.AddOrUpdate((camera, now.Seed), 0, (_, last) => last + 1), now.Drift);
    }
}

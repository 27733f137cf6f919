using Microsoft.Extensions.Options;
using RetrainLoop.Simulator.Frames;
using RetrainLoop.Simulator.LabelledSets;

namespace RetrainLoop.Simulator.Line;

/// <summary>Holds how the line runs, and wakes those who play it when that changes.</summary>
public sealed class LineControl
{
    // Seconds since then seed the frames of a start: unlike those of any other start, and of any labelled set.
    static readonly DateTimeOffset Epoch = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    readonly TimeProvider time;
    readonly Lock gate = new();
    readonly Dictionary<(string Camera, int Seed), int> numbers = [];
    LineSettings settings;
    CancellationTokenSource changed = new();

    public LineControl(IOptions<LineOptions> options, TimeProvider time)
    {
        this.time = time;
        var seed = options.Value.Seed ?? LabelledSetRequest.FirstLiveSeed + (int)((time.GetUtcNow() - Epoch).TotalSeconds % 2_000_000_000);
        settings = new LineSettings(options.Value.FramesPerSecond, false, 0, 0, Drift.None, seed, null, null);
    }

    public LineSettings Settings => Current.Settings;

    /// <summary>The settings and a token that is cancelled when they are replaced.</summary>
    public (LineSettings Settings, CancellationToken Changed) Current
    {
        get { lock (gate) return (settings, changed.Token); }
    }

    public LineSettings Apply(LineChange change)
    {
        CancellationTokenSource before;
        LineSettings after;
        lock (gate)
        {
            if (change.Seed is not null) numbers.Clear();
            after = settings = settings.With(change, time.GetUtcNow());
            (before, changed) = (changed, new CancellationTokenSource());
        }
        before.Cancel();
        return after;
    }

    /// <summary>The id of a camera's next frame.</summary>
    public FrameId NextFrame(string camera)
    {
        lock (gate)
        {
            var number = numbers.GetValueOrDefault((camera, settings.Seed));
            numbers[(camera, settings.Seed)] = number + 1;
            return new FrameId(camera, settings.Seed, number, settings.Drift);
        }
    }
}

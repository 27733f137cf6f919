using RetrainLoop.Contracts;
using RetrainLoop.Monitor.Drift;
using RetrainLoop.Monitor.Series;

namespace RetrainLoop.Tests.Monitor.Drift;

/// <summary>
/// Hours of 8 cameras with about 2,000 detections per camera and day in gamma-Poisson bursts. Confidence = 0.7 + day cycle (amplitude 0.05)
/// + common day effect (sd 0.01) + AR(1) camera-hour effect (sd 0.03, rho 0.7) + within-frame noise (sd 0.15).
/// </summary>
/// <param name="variance">Multiplies the variances of the day effect, the camera-hour effect and the cycle.</param>
public sealed class SimulatedTraffic(int seed, double variance = 1)
{
    public const double WithinSd = 0.15;
    const int Cameras = 8;
    const double Rho = 0.7, HourSd = 0.03, DaySd = 0.01, CycleAmplitude = 0.05, PerHour = 2000.0 / 24;
    static readonly DateTimeOffset Start = new(2026, 11, 2, 0, 0, 0, TimeSpan.Zero);

    readonly Random random = new(seed);
    readonly double scale = Math.Sqrt(variance);
    readonly double[] cameraEffect = new double[Cameras];
    int hour;
    double dayEffect;

    /// <summary>The next days, as a window.</summary>
    /// <param name="shift">Added to every confidence.</param>
    public SignalWindow Days(int days, double shift = 0)
    {
        var from = Start.AddHours(hour);
        var cells = Enumerable.Range(0, days * 24).SelectMany(_ => Hour(shift)).ToList();
        return new SignalWindow(from, from.AddDays(days), 3600, cells);
    }

    /// <summary>Windows that follow each other, as one.</summary>
    public static SignalWindow Join(IReadOnlyList<SignalWindow> windows) =>
        new(windows[0].From, windows[^1].To, 3600, [.. windows.SelectMany(window => window.Cells)]);

    CameraCell[] Hour(double shift)
    {
        if (hour % 24 == 0) dayEffect = scale * DaySd * Gaussian();
        var common = 0.7 + scale * CycleAmplitude * Math.Sin(2 * Math.PI * hour / 24) + dayEffect + shift;
        var cells = new CameraCell[Cameras];
        for (var camera = 0; camera < Cameras; camera++)
        {
            cameraEffect[camera] = Rho * cameraEffect[camera] + Math.Sqrt(1 - Rho * Rho) * scale * HourSd * Gaussian();
            var sketch = new SeriesSketch();
            var counts = new long[SignalBins.Confidence.Count];
            for (var left = Poisson(PerHour * Exponential()); left > 0; left--)
                counts[SignalBins.Confidence.IndexOf(common + cameraEffect[camera] + WithinSd * Gaussian())]++;
            int[] bins = [.. Enumerable.Range(0, counts.Length).Where(bin => counts[bin] > 0)];
            sketch.Add(new SeriesSecond(0, "line", new ModelRef("line", 1), ModelSlot.Champion, "berlin", $"cam-{camera}",
                new Dictionary<RequestOutcome, long>(), new Dictionary<string, SparseHistogram>(), null,
                [new ClassSecond("part", 0, 0, 0, new SparseHistogram(bins, [.. bins.Select(bin => counts[bin])]), SparseHistogram.Empty, SparseHistogram.Empty, SparseHistogram.Empty)], null, null));
            cells[camera] = new CameraCell($"cam-{camera}", Start.AddHours(hour), sketch);
        }
        hour++;
        return cells;
    }

    /// <summary>A gamma variable of shape 1: bursts and lulls.</summary>
    double Exponential() => -Math.Log(1 - random.NextDouble());

    int Poisson(double mean)
    {
        var (count, sum) = (0, Exponential());
        for (; sum < mean; sum += Exponential()) count++;
        return count;
    }

    double Gaussian() => Math.Sqrt(2 * Exponential()) * Math.Cos(2 * Math.PI * random.NextDouble());
}

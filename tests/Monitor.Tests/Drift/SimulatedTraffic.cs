using RetrainLoop.Monitor.Series;

namespace RetrainLoop.Tests.Monitor.Drift;

/// <summary>
/// Hours of 8 cameras with about 2,000 detections per camera and day in gamma-Poisson bursts. Confidence = 0.7 + day cycle (amplitude 0.05)
/// + common day effect (sd 0.01) + AR(1) camera-hour effect (sd 0.03, rho 0.7) + within-frame noise (sd 0.15).
/// </summary>
sealed class SimulatedTraffic(int seed)
{
    public const double WithinSd = 0.15;
    const int Cameras = 8;
    const double Rho = 0.7, HourSd = 0.03, DaySd = 0.01, CycleAmplitude = 0.05, PerHour = 2000.0 / 24;

    readonly Random random = new(seed);
    readonly double[] cameraEffect = new double[Cameras];
    int hour;
    double dayEffect;

    public IReadOnlyList<SeriesSketch?> Days(int days, double shift = 0) => [.. Enumerable.Range(0, days * 24).Select(_ => Hour(shift))];

    SeriesSketch Hour(double shift)
    {
        if (hour % 24 == 0) dayEffect = DaySd * Gaussian();
        var common = 0.7 + CycleAmplitude * Math.Sin(2 * Math.PI * hour++ / 24) + dayEffect + shift;
        var sketch = new SeriesSketch();
        for (var camera = 0; camera < Cameras; camera++)
        {
            cameraEffect[camera] = Rho * cameraEffect[camera] + Math.Sqrt(1 - Rho * Rho) * HourSd * Gaussian();
            for (var left = Poisson(PerHour * Exponential()); left > 0; left--)
                sketch.Class("part").Confidence.Add(SignalBins.Confidence.IndexOf(common + cameraEffect[camera] + WithinSd * Gaussian()), 1);
        }
        return sketch;
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

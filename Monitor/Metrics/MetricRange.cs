using RetrainLoop.Monitor.Series;

namespace RetrainLoop.Monitor.Metrics;

/// <summary>The time axis of a chart: steps that cover [From, To). Steps of whole days follow the deployment's zone, others UTC.</summary>
/// <param name="Step">Seconds.</param>
public sealed record MetricRange(DateTimeOffset From, DateTimeOffset To, int Step, TimeZoneInfo Zone)
{
    const int MostBuckets = 40_000, LeastPoints = 24;
    static readonly int[] Automatic = [60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400];

    /// <summary>The coarsest stored resolution that adds up to steps.</summary>
    public int Resolution => Resolutions.All.Last(resolution => Step % resolution == 0);

    /// <summary>The shortest usual step that makes no more points than asked for, and never less than a minute.</summary>
    public static int StepFor(TimeSpan length, int mostPoints)
    {
        var step = Automatic.FirstOrDefault(step => length.TotalSeconds / step <= mostPoints);
        return step != 0 ? step : (int)Math.Ceiling(length.TotalDays / mostPoints) * Resolutions.Day;
    }

    /// <summary>The same with steps of whole buckets of the finest resolution that is still kept: finer ones would be empty.</summary>
    public MetricRange NoFinerThan(int resolution) => this with { Step = (Step + resolution - 1) / resolution * resolution };

    /// <summary>
    /// The same with a step long enough that a chart of so many lines is read from a moderate number of stored buckets, as long as a line keeps enough
    /// points to show its course: a hundred lines over a month are read from days instead of hours. When that is never moderate, from the coarsest buckets
    /// that leave enough points.
    /// </summary>
    public MetricRange ForLines(int lines)
    {
        var length = (To - From).TotalSeconds;
        var candidates = Automatic.Prepend(Step).Where(step => step >= Step && length / step >= LeastPoints && step % Step == 0)
            .Select(step => this with { Step = step }).ToList();
        return candidates.FirstOrDefault(range => lines * length / range.Resolution <= MostBuckets) ?? candidates.MaxBy(range => range.Resolution) ?? this;
    }

    public DateTimeOffset StepOf(DateTimeOffset at) => Step % Resolutions.Day != 0 ? at.Floor(Step)
        : Step == Resolutions.Day ? ZoneDays.StartOf(at, Zone)
        : Starts().LastOrDefault(start => start <= at, First);

    /// <summary>The start of every step in order.</summary>
    public IEnumerable<DateTimeOffset> Starts()
    {
        for (var start = First; start < To; start = Next(start)) yield return start;
    }

    public DateTimeOffset Next(DateTimeOffset start)
    {
        if (Step % Resolutions.Day != 0) return start.AddSeconds(Step);
        for (var days = Step / Resolutions.Day; days > 0; days--) start = ZoneDays.Next(start, Zone);
        return start;
    }

    DateTimeOffset First => Step % Resolutions.Day == 0 ? ZoneDays.StartOf(From, Zone) : From.Floor(Step);
}

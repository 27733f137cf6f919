using RetrainLoop.Simulator.Scenes;

namespace RetrainLoop.Simulator.Line;

/// <summary>When frames arrive: a Poisson process whose rate follows the site's day.</summary>
public static class Arrivals
{
    const double BusiestHour = 14;

    /// <summary>The rate now, relative to the day's mean: 1 + swing at 14:00 local solar time, 1 - swing at 02:00.</summary>
    /// <param name="longitude">Degrees east; fifteen of them are an hour.</param>
    public static double DayFactor(DateTimeOffset now, double longitude, double swing) =>
        1 + swing * Math.Cos(Math.Tau * (now.UtcDateTime.TimeOfDay.TotalHours + longitude / 15 - BusiestHour) / 24);

    /// <summary>Time to the next arrival, exponentially distributed. The process has no memory: after an interruption simply draw again.</summary>
    /// <param name="rate">Arrivals per second, positive.</param>
    public static TimeSpan Next(ref RandomStream random, double rate) => TimeSpan.FromSeconds(-Math.Log(1 - random.NextFloat()) / rate);
}

using System.ComponentModel.DataAnnotations;

namespace RetrainLoop.Monitor.Evaluations;

/// <summary>Section <c>Monitor:Evaluation</c>.</summary>
public sealed class EvaluationOptions
{
    /// <summary>Bootstrap resamples behind each interval.</summary>
    [Range(100, 100_000)] public int Resamples { get; set; } = 1000;

    /// <summary>Seed of the bootstrap: the same inputs give the same interval.</summary>
    public int Seed { get; set; } = 1;

    /// <summary>A fall of live-holdout mAP by more than this since the baseline's lock, as a fraction, is a drop; 0.01 is one point.</summary>
    [Range(0.0001, 1)] public double HoldoutDrop { get; set; } = 0.01;

    /// <summary>How often holdouts are scored.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "365.00:00:00")] public TimeSpan HoldoutEvery { get; set; } = TimeSpan.FromDays(7);

    /// <summary>A run this much later than that is missed.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "60.00:00:00")] public TimeSpan HoldoutGrace { get; set; } = TimeSpan.FromDays(1);
}

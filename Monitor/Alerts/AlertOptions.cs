using System.ComponentModel.DataAnnotations;
using RetrainLoop.Monitor.Series;

namespace RetrainLoop.Monitor.Alerts;

/// <summary>Section <c>Monitor:Alerts</c>.</summary>
public sealed class AlertOptions : IValidatableObject
{
    /// <summary>How often closed minutes are judged.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:10:00")] public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// Length of what rules call a minute. Shorter, in multiples of ten seconds, for rehearsals that shall not take minutes: five consecutive minutes
    /// become five steps.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:10", "00:01:00")] public TimeSpan Step { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How far back minutes are judged after a downtime; older ones are passed over.</summary>
    [Range(typeof(TimeSpan), "01:00:00", "30.00:00:00")] public TimeSpan CatchUp { get; set; } = TimeSpan.FromDays(2);

    /// <summary>How far back from the last judged minute minutes are judged again when telemetry of theirs arrives late; zero = never.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "2.00:00:00")] public TimeSpan LateData { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How long a test-fired alert fires.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")] public TimeSpan TestDuration { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>A scheduled job may be this late before it counts as missed.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")] public TimeSpan ScheduleTolerance { get; set; } = TimeSpan.FromMinutes(5);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Step.Ticks % TimeSpan.FromSeconds(Resolutions.TenSeconds).Ticks != 0 || TimeSpan.FromMinutes(1).Ticks % Step.Ticks != 0)
            yield return new ValidationResult("Monitor:Alerts:Step is 10, 20, 30 or 60 seconds.");
    }
}

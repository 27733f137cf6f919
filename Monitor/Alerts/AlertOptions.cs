using System.ComponentModel.DataAnnotations;

namespace RetrainLoop.Monitor.Alerts;

/// <summary>Section <c>Monitor:Alerts</c>.</summary>
public sealed class AlertOptions
{
    /// <summary>How often closed minutes are judged.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:10:00")] public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How far back minutes are judged after a downtime; older ones are passed over.</summary>
    [Range(typeof(TimeSpan), "01:00:00", "30.00:00:00")] public TimeSpan CatchUp { get; set; } = TimeSpan.FromDays(2);
}

using System.ComponentModel.DataAnnotations;

namespace RetrainLoop.Labeling.Retention;

/// <summary>Section <c>Labeling:Retention</c>.</summary>
public sealed class RetentionOptions
{
    /// <summary>How long pictures are kept that neither a task nor a dataset holds.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "3650.00:00:00")] public TimeSpan Age { get; set; } = TimeSpan.FromDays(14);

    /// <summary>How often expired pictures are looked for.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "7.00:00:00")] public TimeSpan Interval { get; set; } = TimeSpan.FromHours(1);
}

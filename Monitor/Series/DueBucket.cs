namespace RetrainLoop.Monitor.Series;

/// <summary>A bucket to roll up: the source's buckets in [Start, End), Unix seconds; none when they are equal. Pure.</summary>
/// <param name="Limit">The source is written up to here, in whole buckets.</param>
/// <param name="Deployment">Only for days; null = all.</param>
sealed record DueBucket(SeriesTable Table, SeriesTable Source, string? Deployment, long Start, long End, long Limit)
{
    const int FarBehind = 10;

    /// <summary>After downtime: worth looking where the next traffic is.</summary>
    public bool IsFarBehind => Limit - Start > FarBehind * Table.Resolution;

    /// <summary>The bucket after the frontier when its source is written that far.</summary>
    public static DueBucket? Next(SeriesTable table, SeriesFrontiers frontiers)
    {
        var source = SeriesTable.Of(table.Source!.Value);
        if (frontiers.Find(table.Resolution) is not { } start || frontiers.Find(source.Resolution) is not { } written) return null;
        var limit = Resolutions.Floor(written, table.Resolution);
        return start < limit ? new DueBucket(table, source, null, start, start + table.Resolution, limit) : null;
    }

    /// <summary>The bucket that holds the first traffic, or, when there is none, an empty one at the limit: nothing happened before it.</summary>
    public DueBucket From(long? first) => first is { } second && second < Limit
        ? this with { Start = Resolutions.Floor(second, Table.Resolution), End = Resolutions.Floor(second, Table.Resolution) + Table.Resolution }
        : this with { Start = Limit, End = Limit };

    /// <summary>The deployment's day from an instant on. Where midnight is not on a whole hour of UTC, minutes are the source.</summary>
    public static DueBucket? NextDay(string deployment, TimeZoneInfo zone, long start, SeriesFrontiers frontiers)
    {
        var end = ZoneDays.Next(DateTimeOffset.FromUnixTimeSeconds(start), zone).ToUnixTimeSeconds();
        var onHours = start % Resolutions.Hour == 0 && end % Resolutions.Hour == 0;
        return frontiers.Find(Resolutions.Hour) is { } written && end <= written
            ? new DueBucket(SeriesTable.Days, onHours ? SeriesTable.Hours : SeriesTable.Minutes, deployment, start, end, end)
            : null;
    }
}

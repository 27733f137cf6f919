using Dapper;
using Npgsql;
using RetrainLoop.Labeling.Deployments;

namespace RetrainLoop.Labeling.PreAnnotations;

/// <summary>A frame that a detections artifact speaks of.</summary>
sealed record PreAnnotatedFrame
{
    public Guid Id { get; init; }
    public FrameSide Side { get; init; }
    public DateTime CapturedAt { get; init; }
    public LabelTaskState? Task { get; init; }

    /// <summary>The frames that may become tasks: their bytes are here, and no dataset holds their picture on the other side (which would leak).</summary>
    public static async Task<Dictionary<Guid, PreAnnotatedFrame>> FindAsync(
        NpgsqlTransaction transaction, string deployment, Guid[] ids, CancellationToken cancellationToken) =>
        (await transaction.Connection!.QueryAsync<PreAnnotatedFrame>(new CommandDefinition(
            """
            select f.id as "Id", f.side as "Side", f.captured_at as "CapturedAt", t.state as "Task"
            from frames f
            join images i using (sha256)
            left join image_sides s on s.deployment = f.deployment and s.sha256 = f.sha256
            left join tasks t on t.frame = f.id
            where f.deployment = @deployment and f.id = any(@ids)
              and i.expired_at is null and i.erased_at is null
              and (s.side is null or s.side = f.side)
            """,
            new { deployment, ids }, transaction, cancellationToken: cancellationToken))).ToDictionary(frame => frame.Id);
}

using Dapper;
using Npgsql;

namespace RetrainLoop.Labeling.Deployments;

/// <summary>A deployment as Web last published it here. Null slot values mean the service's own <see cref="SplitOptions"/>.</summary>
public sealed record Deployment
{
    public required string Name { get; init; }
    public required string[] ClassNames { get; init; }
    public required string Zone { get; init; }
    public double? SlotSeconds { get; init; }
    public double? EvaluationShare { get; init; }

    public LabelingDeployment ToContract() => new(ClassNames, Zone, SlotSeconds, EvaluationShare);

    public FrameSide SideOf(string camera, DateTimeOffset capturedAt, SplitOptions options) =>
        SplitPolicy.SideOf(camera, capturedAt, SlotSeconds ?? options.SlotSeconds, EvaluationShare ?? options.EvaluationShare);

    public DatasetSplit SplitOf(string camera, DateTimeOffset capturedAt, SplitOptions options) =>
        SplitPolicy.SplitOf(camera, capturedAt, SlotSeconds ?? options.SlotSeconds, options.ValidationShare);

    public static async Task<Deployment?> FindAsync(NpgsqlConnection connection, string name, CancellationToken cancellationToken) =>
        await connection.QuerySingleOrDefaultAsync<Deployment>(new CommandDefinition(
            """
            select name as "Name", class_names as "ClassNames", zone as "Zone", slot_seconds as "SlotSeconds", evaluation_share as "EvaluationShare"
            from deployments where name = @name
            """,
            new { name }, cancellationToken: cancellationToken));

    /// <summary>Null slot values keep what was set before: Web publishes class names and zone only.</summary>
    public static Task SaveAsync(
        NpgsqlConnection connection, string name, LabelingDeployment deployment, DateTimeOffset now, CancellationToken cancellationToken) =>
        connection.ExecuteAsync(new CommandDefinition(
            """
            insert into deployments (name, class_names, zone, slot_seconds, evaluation_share, updated_at)
            values (@name, @classNames, @Zone, @SlotSeconds, @EvaluationShare, @now)
            on conflict (name) do update set class_names = excluded.class_names, zone = excluded.zone,
                slot_seconds = coalesce(excluded.slot_seconds, deployments.slot_seconds),
                evaluation_share = coalesce(excluded.evaluation_share, deployments.evaluation_share), updated_at = excluded.updated_at
            """,
            new { name, classNames = deployment.ClassNames.ToArray(), deployment.Zone, deployment.SlotSeconds, deployment.EvaluationShare, now },
            cancellationToken: cancellationToken));
}

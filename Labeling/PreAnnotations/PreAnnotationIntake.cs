using System.Text.Json;
using Dapper;
using Microsoft.Extensions.Options;
using Npgsql;
using RetrainLoop.Labeling.Datasets;
using RetrainLoop.Labeling.Deployments;
using RetrainLoop.Labeling.Ranking;

namespace RetrainLoop.Labeling.PreAnnotations;

/// <summary>Turns what a model saw into ranked tasks. Waiting tasks are ranked anew by a newer look; claimed and finished ones stay as they are.</summary>
sealed partial class PreAnnotationIntake(IOptions<RankingOptions> ranking, TimeProvider time, ILogger<PreAnnotationIntake> logger)
{
    const string SaveDetections =
        """
        insert into frame_detections (frame, model_name, model_version, detections, embedding, at)
        values (@Id, @Name, @Version, @detections::jsonb, @embedding, @now)
        on conflict (frame) do update set model_name = excluded.model_name, model_version = excluded.model_version,
            detections = excluded.detections, embedding = excluded.embedding, at = excluded.at
        """;

    const string SaveTask =
        """
        with saved as (
            insert into tasks (id, frame, deployment, lane, state, priority, rank, class_names, created_at)
            values (@task, @Id, @deployment, @lane, 'Waiting', @priority, @rank, @ClassNames, @now)
            on conflict (frame) do update set priority = excluded.priority, rank = excluded.rank where tasks.state = 'Waiting'
            returning id, xmax = 0 as is_new
        ), moved as (
            insert into task_transitions (task, from_state, to_state, reason, actor, at)
            select id, null, 'Waiting', @reason, @actor, @now from saved where is_new
        )
        select count(*) from saved
        """;

    /// <summary>How many tasks the key made when it was used before, else null.</summary>
    public static Task<int?> EarlierAsync(NpgsqlConnection connection, string key, CancellationToken cancellationToken) =>
        connection.ExecuteScalarAsync<int?>(new CommandDefinition(
            "select tasks from pre_annotations where key = @key", new { key }, cancellationToken: cancellationToken));

    public async Task<PreAnnotationResult> TakeAsync(
        NpgsqlConnection connection, PreAnnotation request, Deployment deployment, DetectionsArtifact artifact, CancellationToken cancellationToken)
    {
        var seen = artifact.Images.Where(image => Guid.TryParse(image.Key, out _)).DistinctBy(image => Guid.Parse(image.Key))
            .ToDictionary(image => Guid.Parse(image.Key));
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await NamedLock.TakeAsync(transaction, $"pre-annotation {request.Key}", cancellationToken);
        if (await EarlierAsync(connection, request.Key, cancellationToken) is { } earlier) return new PreAnnotationResult(earlier);

        var frames = await PreAnnotatedFrame.FindAsync(transaction, request.Deployment, [.. seen.Keys], cancellationToken);
        if (frames.Count < seen.Count) LogLeftOut(request.Key, seen.Count - frames.Count);
        var tasks = 0;
        foreach (var (id, frame) in frames.OrderBy(frame => frame.Key))
            tasks += await SaveAsync(transaction, request, deployment, frame, seen[id], cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            """
            insert into pre_annotations (key, deployment, model_name, model_version, tasks, at)
            values (@Key, @Deployment, @Name, @Version, @tasks, @now)
            """,
            new { request.Key, request.Deployment, request.Model.Name, request.Model.Version, tasks, now = time.GetUtcNow() },
            transaction, cancellationToken: cancellationToken));
        await transaction.CommitAsync(cancellationToken);
        return new PreAnnotationResult(tasks);
    }

    async Task<int> SaveAsync(
        NpgsqlTransaction transaction, PreAnnotation request, Deployment deployment, PreAnnotatedFrame frame, ImageDetections image,
        CancellationToken cancellationToken)
    {
        // Not touched once a person has it: boxes must not change under their hands.
        if (frame.Task is not (null or LabelTaskState.Waiting)) return 0;
        var detections = ByDeploymentClass(image.Detections ?? [], deployment.ClassNames);
        var priority = FramePriority.Of(detections, ranking.Value);
        var now = time.GetUtcNow();
        await transaction.Connection!.ExecuteAsync(new CommandDefinition(SaveDetections,
            new
            {
                frame.Id, request.Model.Name, request.Model.Version, detections = JsonSerializer.Serialize(detections, ContractJson.Options),
                embedding = image.Embedding?.ToArray(), now,
            },
            transaction, cancellationToken: cancellationToken));
        return await transaction.Connection!.ExecuteScalarAsync<int>(new CommandDefinition(SaveTask,
            new
            {
                task = Guid.CreateVersion7(now), frame.Id, deployment = request.Deployment, lane = frame.Side.ToString(), priority,
                rank = frame.Side == FrameSide.Training ? priority : FramePriority.OfEvaluation(frame.Id, frame.CapturedAt),
                deployment.ClassNames, reason = $"Pre-annotated by {request.Model}.", actor = "pre-annotation", now,
            },
            transaction, cancellationToken: cancellationToken));
    }

    /// <summary>Detections that say something, with the deployment's class numbers; classes that it does not have are left out.</summary>
    List<Detection> ByDeploymentClass(IReadOnlyList<Detection> detections, string[] classNames) =>
    [
        .. detections.Where(detection => detection.Confidence >= ranking.Value.MinimumConfidence)
            .Select(detection => detection with { Class = Array.IndexOf(classNames, detection.Name) })
            .Where(detection => detection.Class >= 0),
    ];

    [LoggerMessage(Level = LogLevel.Information,
        Message = "Pre-annotation {Key} names {Frames} frames that are not here, have expired or are held on the other side")]
    partial void LogLeftOut(string key, int frames);
}

using System.Text.Json;
using Dapper;
using Npgsql;
using RetrainLoop.Labeling.Tasks;
using RetrainLoop.ServiceDefaults.Changes;

namespace RetrainLoop.Labeling.Annotations;

/// <summary>Accepted boxes of a frame. A row is never changed: a later acceptance is the frame's next version.</summary>
static class Annotation
{
    /// <summary>Inserts the frame's next version and publishes it.</summary>
    public static async Task AcceptAsync(
        NpgsqlTransaction transaction, TaskRow task, IReadOnlyList<LabelBox> boxes, string annotator, DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            """
            insert into annotations (frame, version, task, class_names, boxes, annotator, accepted_at)
            select @Frame, coalesce(max(version), 0) + 1, @Id, @ClassNames, @json::jsonb, @annotator, @now from annotations where frame = @Frame
            """,
            new { task.Frame, task.Id, task.ClassNames, json = JsonSerializer.Serialize(boxes, ContractJson.Options), annotator, now },
            transaction, cancellationToken: cancellationToken));
        var accepted = new AnnotationAccepted(task.Id, task.Frame, task.Deployment, task.Reason, task.CapturedAt, annotator);
        await ChangeFeed.AppendAsync(
            transaction.Connection!, transaction, ChangeKinds.AnnotationAccepted, task.Frame.ToString(), accepted, now, cancellationToken);
    }
}

using System.Globalization;
using System.Text.Json;
using Dapper;
using Npgsql;

namespace RetrainLoop.Labeling.Tasks;

/// <summary>A task with its frame, its picture and the reader's own draft, as the database has them.</summary>
sealed record TaskRow
{
    const string Select =
        """
        select t.id as "Id", t.deployment as "Deployment", t.frame as "Frame", f.frame_id as "FrameId", f.camera as "Camera", f.region as "Region",
            f.captured_at as "CapturedAt", f.reason as "Reason", t.state as "State", t.priority as "Priority", f.sha256 as "Sha256", i.length as "Length",
            i.width as "Width", i.height as "Height", t.class_names as "ClassNames", d.detections as "Detections", w.boxes as "Draft", t.boxes as "Boxes",
            t.lease as "Lease", t.lease_until as "LeaseUntil", t.annotator as "Annotator", t.revision as "Revision"
        from tasks t
        join frames f on f.id = t.frame
        join images i using (sha256)
        left join frame_detections d on d.frame = f.id
        left join drafts w on w.task = t.id and w.annotator = @reader
        where t.id = @id
        """;

    public Guid Id { get; init; }
    public string Deployment { get; init; } = "";
    public Guid Frame { get; init; }
    public string FrameId { get; init; } = "";
    public string Camera { get; init; } = "";
    public string Region { get; init; } = "";
    public DateTime CapturedAt { get; init; }
    public SampleReason Reason { get; init; }
    public LabelTaskState State { get; init; }
    public double Priority { get; init; }
    public string Sha256 { get; init; } = "";
    public long Length { get; init; }
    public int Width { get; init; }
    public int Height { get; init; }
    public string[] ClassNames { get; init; } = [];
    public string? Detections { get; init; }
    public string? Draft { get; init; }
    public string? Boxes { get; init; }
    public Guid? Lease { get; init; }
    public DateTime? LeaseUntil { get; init; }
    public string? Annotator { get; init; }
    public int Revision { get; init; }

    public LabelTaskStatus Status => new(State, Lease, LeaseUntil, Annotator, Revision);

    public TaskRow With(LabelTaskStatus status) => this with
    {
        State = status.State, Lease = status.Lease, LeaseUntil = status.LeaseUntil?.UtcDateTime, Annotator = status.Annotator, Revision = status.Revision,
    };

    public static Task<TaskRow?> FindAsync(NpgsqlConnection connection, Guid id, string reader, CancellationToken cancellationToken) =>
        connection.QuerySingleOrDefaultAsync<TaskRow>(new CommandDefinition(Select, new { id, reader }, cancellationToken: cancellationToken));

    /// <summary>As <see cref="FindAsync"/>, and nobody else changes the task until the transaction ends.</summary>
    public static Task<TaskRow?> LockAsync(NpgsqlTransaction transaction, Guid id, string reader, CancellationToken cancellationToken) =>
        transaction.Connection!.QuerySingleOrDefaultAsync<TaskRow>(new CommandDefinition(
            $"{Select} for update of t", new { id, reader }, transaction, cancellationToken: cancellationToken));

    /// <summary>The task as <paramref name="reader"/> may see it: the lease is shown to its holder only.</summary>
    public LabelTask ToTask(string reader, double preAnnotationConfidence) => new(
        Id, Deployment, Frame, FrameId, Camera, Region, CapturedAt, Reason, State, Priority,
        new ArtifactRef($"http://labeling/v1/blobs/{Sha256}", Sha256, Length), Width, Height, ClassNames,
        [.. (Read<List<Detection>>(Detections) ?? []).Where(detection => detection.Confidence >= preAnnotationConfidence)],
        Read<List<LabelBox>>(Draft), Read<List<LabelBox>>(Boxes), Annotator == reader ? Lease : null, LeaseUntil, TaskETag.Of(Revision), Annotator);

    static T? Read<T>(string? json) => json is null ? default : JsonSerializer.Deserialize<T>(json, ContractJson.Options);
}

/// <summary>A task's revision as an HTTP entity tag, quotes included.</summary>
static class TaskETag
{
    public static string Of(int revision) => string.Create(CultureInfo.InvariantCulture, $"\"{revision}\"");

    public static bool TryParse(string header, out int revision) =>
        int.TryParse(header.Trim().Trim('"'), NumberStyles.None, CultureInfo.InvariantCulture, out revision);
}

using Dapper;
using Npgsql;
using RetrainLoop.Labeling.Deployments;
using RetrainLoop.Labeling.Images;

namespace RetrainLoop.Labeling.Samples;

/// <summary>The SQL of frames and of the pictures that they show.</summary>
static class Frame
{
    /// <summary>True when the frame was taken in before, a reason when it was refused before, else (false, null).</summary>
    public static async Task<(bool Known, string? Refusal)> EarlierAsync(NpgsqlConnection connection, Guid id, CancellationToken cancellationToken) =>
        await connection.QuerySingleAsync<(bool, string?)>(new CommandDefinition(
            "select exists (select from frames where id = @id), (select reason from frame_refusals where id = @id)",
            new { id }, cancellationToken: cancellationToken));

    public static Task RefuseAsync(
        NpgsqlConnection connection, SampledFrame frame, string reason, DateTimeOffset now, CancellationToken cancellationToken) =>
        connection.ExecuteAsync(new CommandDefinition(
            "insert into frame_refusals (id, deployment, reason, at) values (@Id, @Deployment, @reason, @now) on conflict do nothing",
            new { frame.Id, frame.Deployment, reason, now }, cancellationToken: cancellationToken));

    public static async Task<Lookalikes> LookalikesAsync(
        NpgsqlConnection connection, SampledFrame frame, string hash, SampleOptions options, CancellationToken cancellationToken)
    {
        var row = await connection.QuerySingleAsync<LookalikesRow>(new CommandDefinition(
            """
            select
              exists (select from images where sha256 = @sha256 and erased_at is not null) as "Erased",
              (select side from image_sides where deployment = @Deployment and sha256 = @sha256) as "HeldAs",
              exists (select from frames f join images i using (sha256)
                where f.deployment = @Deployment and f.camera = @Camera and f.captured_at between @from and @to
                  and bit_count(i.difference_hash # @hash::bit(256)) <= @DuplicateDistance) as "NearFrame",
              exists (select from image_sides s join images i using (sha256)
                where s.deployment = @Deployment and s.side = 'Evaluation'
                  and bit_count(i.difference_hash # @hash::bit(256)) <= @DuplicateDistance) as "NearEvaluation"
            """,
            new
            {
                sha256 = frame.Image.Sha256, frame.Deployment, frame.Camera, hash, options.DuplicateDistance,
                from = frame.CapturedAt.ToUniversalTime() - options.DuplicateWindow, to = frame.CapturedAt.ToUniversalTime() + options.DuplicateWindow,
            },
            cancellationToken: cancellationToken));
        return new Lookalikes(row.Erased, row.HeldAs, row.NearFrame, row.NearEvaluation);
    }

    /// <summary>Inserts the frame and its picture.</summary>
    /// <returns>False when another call was first.</returns>
    public static async Task<bool> InsertAsync(
        NpgsqlTransaction transaction, SampledFrame frame, FrameSide side, DatasetSplit split, ArtifactRef image, Picture picture, DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        await HeldImage.InsertAsync(transaction, image.Sha256, image.Length, picture, now, cancellationToken);
        return await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            """
            insert into frames
                (id, deployment, frame_id, region, camera, captured_at, reason, side, split, sampled_by_name, sampled_by_version, sha256, received_at)
            values (@Id, @Deployment, @FrameId, @Region, @Camera, @capturedAt, @reason, @side, @split, @Name, @Version, @Sha256, @now)
            on conflict do nothing
            """,
            new
            {
                frame.Id, frame.Deployment, frame.FrameId, frame.Region, frame.Camera, capturedAt = frame.CapturedAt.ToUniversalTime(),
                reason = frame.Reason.ToString(), side = side.ToString(), split = split.ToString(), frame.Model.Name, frame.Model.Version,
                image.Sha256, now,
            },
            transaction, cancellationToken: cancellationToken)) == 1;
    }

    sealed record LookalikesRow
    {
        public bool Erased { get; init; }
        public FrameSide? HeldAs { get; init; }
        public bool NearFrame { get; init; }
        public bool NearEvaluation { get; init; }
    }
}

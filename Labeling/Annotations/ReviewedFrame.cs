using System.Text.Json;
using Dapper;
using Npgsql;
using RetrainLoop.Labeling.Datasets;
using RetrainLoop.Labeling.Deployments;

namespace RetrainLoop.Labeling.Annotations;

/// <summary>A frame whose labels were accepted, with its newest version of them.</summary>
sealed record ReviewedFrame
{
    /// <summary>
    /// Accepted frames of one side, one for each distinct picture, that are here and that no dataset holds on the other side. A picture that came
    /// on both sides and is held on neither (a camera that hangs) is for evaluation, once its frame there was accepted. Evaluation-side frames are random
    /// ones by a constraint of the table.
    /// </summary>
    const string Eligible =
        """
        select distinct on (f.sha256) f.id as "Id", f.sha256 as "Sha256", f.split as "Split", f.captured_at as "CapturedAt",
            i.extension as "Extension", a.class_names as "ClassNames", a.boxes as "Boxes"
        from frames f
        join images i using (sha256)
        join lateral (select class_names, boxes from annotations where frame = f.id order by version desc limit 1) a on true
        left join image_sides s on s.deployment = f.deployment and s.sha256 = f.sha256
        where f.deployment = @deployment and f.side = @side and f.captured_at >= @since
          and i.erased_at is null and i.expired_at is null and (s.side = f.side or s.side is null and (f.side = 'Evaluation' or not exists (
            select from frames o where o.deployment = f.deployment and o.sha256 = f.sha256 and o.side = 'Evaluation'
              and exists (select from annotations where frame = o.id))))
          and not exists (select from dataset_images d where d.dataset = @except and d.sha256 = f.sha256)
        order by f.sha256, f.captured_at desc
        """;

    public Guid Id { get; init; }
    public string Sha256 { get; init; } = "";
    public DatasetSplit Split { get; init; }
    public DateTime CapturedAt { get; init; }
    public string Extension { get; init; } = "";
    public string[] ClassNames { get; init; } = [];
    public string Boxes { get; init; } = "[]";

    /// <summary>Newest first.</summary>
    /// <param name="except">A dataset version whose pictures are left out.</param>
    public static async Task<IReadOnlyList<ReviewedFrame>> ListAsync(
        NpgsqlConnection connection, string deployment, FrameSide side, DateTimeOffset since, long? except, int limit,
        CancellationToken cancellationToken) =>
        (await connection.QueryAsync<ReviewedFrame>(new CommandDefinition(
            $"""select * from ({Eligible}) e order by "CapturedAt" desc, "Id" limit @limit""",
            new { deployment, side = side.ToString(), since = since.ToUniversalTime(), except, limit },
            cancellationToken: cancellationToken))).AsList();

    public static Task<int> CountAsync(
        NpgsqlConnection connection, string deployment, FrameSide side, DateTimeOffset since, long? except, CancellationToken cancellationToken) =>
        connection.ExecuteScalarAsync<int>(new CommandDefinition(
            $"select count(*)::int from ({Eligible}) e",
            new { deployment, side = side.ToString(), since = since.ToUniversalTime(), except }, cancellationToken: cancellationToken));

    /// <summary>The frame as an image of a dataset with the given classes; null when it has an object of a class that the dataset lacks.</summary>
    public (DatasetImage Image, LabelSet Labels)? ToImage(IReadOnlyList<string> classNames, DatasetSplit split)
    {
        var boxes = JsonSerializer.Deserialize<List<LabelBox>>(Boxes, ContractJson.Options)!;
        var classes = ClassNames.Select(name => classNames.ToList().IndexOf(name)).ToArray();
        if (boxes.Any(box => classes[box.Class] < 0)) return null;
        var labels = LabelSet.Of(boxes.Select(box => new DatasetLabel(classes[box.Class], box.X, box.Y, box.Width, box.Height)));
        var folder = split == DatasetSplit.Train ? "train" : "val";
        return (new DatasetImage($"images/{folder}/{Id:N}{Extension}", Sha256, split, labels.Hash, labels.Labels.Count, Id), labels);
    }
}

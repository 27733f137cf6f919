using Dapper;
using Npgsql;
using RetrainLoop.Web.Stack;

namespace RetrainLoop.Web.Loop.Holdouts;

/// <summary>The newest run of a deployment's holdout check, and how far it is.</summary>
/// <param name="Outcome">What came of it, in a sentence; null while it runs.</param>
/// <param name="Done">Images that the champion has looked at; null before the holdout was renewed.</param>
public sealed record HoldoutRun(DateTimeOffset CreatedAt, DateTimeOffset? FinishedAt, string? Outcome, int? Done, int? Total);

/// <summary>For pages that show a holdout run.</summary>
public sealed class HoldoutRuns(NpgsqlDataSource database, DetectOnDataset detections, HoldoutChecks checks)
{
    public async Task<HoldoutRun?> NewestAsync(string deployment, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var row = await connection.QueryFirstOrDefaultAsync<Row>(new CommandDefinition(
            """
            select id as Id, created_at as CreatedAt, finished_at as FinishedAt, outcome as Outcome
            from holdout_checks where deployment = @deployment order by created_at desc limit 1
            """,
            new { deployment }, cancellationToken: cancellationToken));
        if (row is null) return null;
        var job = row.FinishedAt is null ? await JobAsync(row.Id, cancellationToken) : null;
        return new HoldoutRun(row.CreatedAt, row.FinishedAt, row.Outcome, job?.Done, job?.Total);
    }

    // The same key answers with the job that the run asked for before.
    async Task<DetectionJobInfo?> JobAsync(Guid id, CancellationToken cancellationToken)
    {
        var check = (await checks.OpenAsync(cancellationToken)).FirstOrDefault(one => one.Id == id);
        return check is { Model: { } model, Dataset: { } dataset }
            ? await StackAnswer.TryAsync(detections.EnsureAsync(WeeklyHoldout.KeyOf(check), check.Deployment, model, dataset, cancellationToken))
            : null;
    }

    sealed record Row(Guid Id, DateTime CreatedAt, DateTime? FinishedAt, string? Outcome);
}

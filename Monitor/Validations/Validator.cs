using Dapper;
using Microsoft.Extensions.Options;
using Npgsql;
using RetrainLoop.Contracts;
using RetrainLoop.Monitor.Evaluations;
using RetrainLoop.Monitor.Hosting;
using RetrainLoop.Monitor.Statistics;
using RetrainLoop.ServiceDefaults.Changes;

namespace RetrainLoop.Monitor.Validations;

/// <summary>Scores candidate and champion on the same images, has the gate judge and keeps the report.</summary>
sealed class Validator(
    NpgsqlDataSource database, ScoredDataset dataset, IOptions<ValidationOptions> options, IOptions<EvaluationOptions> evaluation,
    ChangeNudge nudge, TimeProvider time)
{
    /// <exception cref="InvalidDataException">Detections and dataset do not belong together; the message says why.</exception>
    public async Task<ValidationReport> ValidateAsync(ValidationRequest request, CancellationToken cancellationToken)
    {
        if (await FindByKeyAsync(request.Key, cancellationToken) is { } made) return made;
        var holdout = await CompareAsync(request.LockedHoldout, cancellationToken);
        var recent = await CompareAsync(request.Recent, cancellationToken);
        var now = time.GetUtcNow();
        return await SaveAsync(new ValidationReport(Guid.CreateVersion7(now), request.Key, request.Deployment, request.Candidate, request.Champion, holdout, recent,
            ValidationGate.Judge(holdout, recent, request.Strict, options.Value), request.LoopRun, now), cancellationToken);
    }

    public Task<ValidationReport?> FindAsync(Guid id, CancellationToken cancellationToken) =>
        Documents.FirstAsync<ValidationReport>(database, "select report from validations where id = @id", new { id }, cancellationToken);

    async Task<PairedResult> CompareAsync(PairedDetections paired, CancellationToken cancellationToken)
    {
        var groundTruth = await dataset.ReadGroundTruthAsync(paired.GroundTruth, cancellationToken);
        var candidate = await dataset.MatchAsync(groundTruth, paired.Candidate, cancellationToken);
        var champion = await dataset.MatchAsync(groundTruth, paired.Champion, cancellationToken);
        return Compare(paired.Dataset, candidate, champion, evaluation.Value);
    }

    public static PairedResult Compare(DatasetRef dataset, CocoMatches candidate, CocoMatches champion, EvaluationOptions options)
    {
        double before = CocoEvaluator.Score(champion).Stats[0], after = CocoEvaluator.Score(candidate).Stats[0];
        var interval = Bootstrap.PairedInterval(candidate.Images, draws => CocoEvaluator.MeanAveragePrecision(candidate, draws),
            draws => CocoEvaluator.MeanAveragePrecision(champion, draws), options.Resamples, options.Seed) ?? new Interval(0, 0);
        return new PairedResult(dataset, candidate.Images, after, before, after - before, interval.Low, interval.High);
    }

    Task<ValidationReport?> FindByKeyAsync(string key, CancellationToken cancellationToken) =>
        Documents.FirstAsync<ValidationReport>(database, "select report from validations where key = @key", new { key }, cancellationToken);

    async Task<ValidationReport> SaveAsync(ValidationReport report, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var added = await connection.ExecuteAsync(new CommandDefinition(
            "insert into validations (id, key, deployment, at, report) values (@Id, @Key, @Deployment, @At, @json::jsonb) on conflict (key) do nothing",
            new { report.Id, report.Key, report.Deployment, report.At, json = Documents.Write(report) }, transaction, cancellationToken: cancellationToken));
        if (added == 0) return (await FindByKeyAsync(report.Key, cancellationToken))!;
        await ChangeFeed.AppendAsync(connection, transaction, ChangeKinds.ValidationCompleted, report.Id.ToString(), report, report.At, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        nudge.Changed();
        return report;
    }
}

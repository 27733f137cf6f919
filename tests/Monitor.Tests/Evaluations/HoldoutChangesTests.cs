using Dapper;
using RetrainLoop.Monitor.Evaluations;
using RetrainLoop.Monitor.Hosting;

namespace RetrainLoop.Tests.Monitor.Evaluations;

public sealed class HoldoutChangesTests(PostgresServer postgres) : MonitorDatabase(postgres)
{
    static readonly DateTimeOffset Monday = new(2026, 11, 2, 3, 0, 0, TimeSpan.Zero);

    /// <summary>Found before it was written: a difference that was once kept without an interval never got one.</summary>
    [Fact]
    public async Task Between_KeptWithoutAnInterval_IsMadeAgainAfterTheMigration()
    {
        var points = new[] { await ScoreAsync(50, 0), await ScoreAsync(40, 1), await ScoreAsync(30, 2) };
        var whole = await KeepAsync(points[0], points[1], -0.4);
        await KeepAsync(points[1], points[2], null);
        await using (var connection = await Database.OpenConnectionAsync(TestContext.Current.CancellationToken))
            await connection.ExecuteAsync("delete from schemaversions where scriptname like '%0080%'"); // as on the day before
        await MigrateAsync();

        var changes = new HoldoutChanges(Database, new EvaluationOptions { Resamples = 100 });
        Assert.Equal(whole, await changes.BetweenAsync(points[0], points[1], default)); // what was costly stays
        Assert.NotNull((await changes.BetweenAsync(points[1], points[2], default)).Low);
    }

    /// <summary>Keeps a difference as earlier versions did.</summary>
    async Task<HoldoutChange> KeepAsync(HoldoutPoint first, HoldoutPoint last, double? low)
    {
        var change = new HoldoutChange(first.Evaluation, last.Evaluation, -0.2, low, low + 0.3, false, 0, true);
        await using var connection = await Database.OpenConnectionAsync();
        await connection.ExecuteAsync("insert into evaluation_differences (first, last, change) values (@First, @Last, @json::jsonb)",
            new { change.First, change.Last, json = Documents.Write(change) });
        return change;
    }

    async Task<HoldoutPoint> ScoreAsync(int found, int week)
    {
        var images = Enumerable.Range(1, 60).ToList();
        var (truth, detections) = (OneObjectImages.Truth(images), OneObjectImages.Found(images, id => id <= found));
        var matches = CocoMatches.Compute(truth, detections);
        var score = CocoEvaluator.Score(matches);
        var evaluation = new EvaluationInfo(Guid.NewGuid(), $"week {week}", "line", Batches.Model, new DatasetRef("live", 1), EvaluationPurposes.LiveHoldout,
            score.Stats, null, null, score.PerCategory, 60, 60, found, Monday.AddDays(7 * week));
        return (await EvaluationStore.SaveAsync(Database, evaluation, CocoDetails.Of(truth, detections, matches, score), matches, default)).ToPoint();
    }
}

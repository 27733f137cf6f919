using System.Text.Json;
using Npgsql;

namespace RetrainLoop.Tests.Browser.Fakes;

/// <summary>Puts passes of the loop into webdb: one under way, one that asks a person, two that ended.</summary>
static class LoopRunRows
{
    public static async Task InsertAsync(string database, FakeLine line)
    {
        await using var source = NpgsqlDataSource.Create(database);
        var lineage = new
        {
            since = line.Now.AddHours(-2), champion = FakeLine.Champion, training = FakeLine.Dataset("line-training", 2, DatasetRole.Training, 612),
            recent = FakeLine.Dataset("line-recent", 2, DatasetRole.Recent, 128), trainingRun = FakeLine.TrainingRun, candidate = FakeLine.Candidate,
            lockedHoldout = FakeLine.Dataset("line-holdout", 1, DatasetRole.LockedHoldout, 300), validation = FakeLine.Validation, rollout = (Guid?)FakeLine.Rollout,
            measurements = new[]
            {
                new { model = FakeLine.Champion, dataset = new DatasetRef("line-recent", 2), purpose = "recent", meanAveragePrecision = 0.641, low = 0.61, high = 0.672, at = line.Now },
                new { model = FakeLine.Candidate, dataset = new DatasetRef("line-recent", 2), purpose = "recent", meanAveragePrecision = 0.716, low = 0.688, high = 0.743, at = line.Now },
            },
        };
        string[] stages = ["Sampling", "Annotating", "Freezing", "Training", "Registering", "Validating", "RollingOut"];
        int[] minutes = [74, 66, 43, 40, 36, 35, 19];
        await AddAsync(source, line, FakeLine.Name, "RollingOut", stages, minutes, lineage, "Retrain: Confidence shifted and mAP on the live holdout fell by 7.5 points (moved: confidence)", null, null);
        // It has no rollout yet: one that is rejected ends the rollout of its lineage.
        await AddAsync(source, line, "packing", "WaitingForPerson", stages[..6], minutes[..6], lineage with { rollout = null }, "LabelFirst: mAP unknown while confidence moved",
            "The gate was inconclusive: the interval on recent frames includes 0. Roll the candidate out all the same?", null);
        await AddAsync(source, line, FakeLine.Name, "Cancelled", stages[..2], [8000, 7990], new { since = line.Now.AddDays(-6), champion = FakeLine.Champion },
            "Started by hand on the Loop page", null, line.Now.AddMinutes(-7900));
        await AddAsync(source, line, FakeLine.Name, "Failed", stages[..4], [20_000, 19_990, 19_950, 19_940], new { since = line.Now.AddDays(-15), champion = FakeLine.Champion },
            "Retrain: box area moved", null, line.Now.AddMinutes(-19_930));
    }

    static async Task AddAsync(
        NpgsqlDataSource source, FakeLine line, string deployment, string stage, string[] stages, int[] minutesAgo, object lineage, string reason, string? question, DateTimeOffset? finished)
    {
        var id = Guid.CreateVersion7();
        await using var command = source.CreateCommand(
            """
            insert into loop_runs (id, deployment, stage, stage_since, attempt, asked_in, on_accept, question, reason, started_by, policy, lineage, created_at, finished_at, closed)
            values ($1, $2, $3, $4, 1, $5, $6, $7, $8, 'stack', '{"name":"Retrain on drift"}', $9::jsonb, $10, $11, $12)
            """);
        object?[] values =
        [
            id, deployment, stage, line.Now.AddMinutes(-minutesAgo[^1]), question is null ? null : "Validating", question is null ? null : "RollingOut", question, reason,
            JsonSerializer.Serialize(lineage, ContractJson.Options), line.Now.AddMinutes(-minutesAgo[0]), finished, finished is not null,
        ];
        foreach (var value in values) command.Parameters.Add(new() { Value = value ?? DBNull.Value });
        await command.ExecuteNonQueryAsync();
        string? from = null;
        for (var index = 0; index <= stages.Length; index++)
        {
            if (index == stages.Length && stage == stages[^1]) break;
            await using var transition = source.CreateCommand("insert into loop_run_transitions (loop_run, from_stage, to_stage, reason, actor, at) values ($1, $2, $3, 'because', 'stack', $4)");
            var to = index < stages.Length ? stages[index] : stage;
            var at = index < stages.Length ? line.Now.AddMinutes(-minutesAgo[index]) : finished ?? line.Now.AddMinutes(-minutesAgo[^1] + 1);
            foreach (var value in new object?[] { id, from, to, at }) transition.Parameters.Add(new() { Value = value ?? DBNull.Value });
            await transition.ExecuteNonQueryAsync();
            from = to;
        }
    }
}

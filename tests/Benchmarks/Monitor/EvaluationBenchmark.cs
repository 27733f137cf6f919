using System.Text.Json;
using Dapper;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using RetrainLoop.Monitor.Alerts;
using RetrainLoop.Monitor.Alerts.Evaluation;
using RetrainLoop.Monitor.Evaluations;
using RetrainLoop.Monitor.Series;
using RetrainLoop.Monitor.Telemetry;
using RetrainLoop.ServiceDefaults.Changes;

namespace RetrainLoop.Benchmarks.Monitor;

/// <summary>Rounds of alerts over many deployments, as shares of the interval between two of them.</summary>
static class EvaluationBenchmark
{
    const int Deployments = 20, Cameras = 100, Rounds = 7, HistoryMinutes = 70;
    static readonly DateTimeOffset Start = new(2026, 11, 23, 6, 0, 0, TimeSpan.Zero);

    public static async Task<BenchmarkTable> RunAsync(CancellationToken cancellationToken)
    {
        await using var load = await MonitorUnderLoad.StartAsync(cancellationToken);
        await FillAsync(load, cancellationToken);
        var options = new AlertOptions();
        var evaluator = new AlertEvaluator(load.Database, new HoldoutReader(load.Database, Options.Create(new EvaluationOptions()), load.Time), Options.Create(options),
            Options.Create(new TelemetryOptions()), new ChangeNudge(new HostingEnvironment { ApplicationName = "monitor" }), load.Time, NullLogger<AlertEvaluator>.Instance);
        var table = new BenchmarkTable("round", "median ms", "share of the interval");
        void Add(string name, IEnumerable<TimeSpan> times)
        {
            var median = times.Order().ElementAt(times.Count() / 2);
            table.Add(name, $"{median.TotalMilliseconds:F0}", $"{median / options.Interval:P1}");
        }

        Add("the first: every rule judges an hour", [await RoundAsync(load, evaluator, Start, cancellationToken)]);
        await using (var judged = load.Database.CreateCommand("select count(distinct deployment) from alerts where evaluated_until = $1"))
        {
            judged.Parameters.Add(new() { Value = Start });
            if ((long)(await judged.ExecuteScalarAsync(cancellationToken))! != Deployments) throw new InvalidOperationException("The round did not judge every deployment.");
        }
        var (fresh, idle) = (new List<TimeSpan>(), new List<TimeSpan>());
        for (var minute = 1; minute <= Rounds; minute++)
        {
            fresh.Add(await RoundAsync(load, evaluator, Start.AddMinutes(minute), cancellationToken));
            idle.Add(await RoundAsync(load, evaluator, Start.AddMinutes(minute).AddSeconds(15), cancellationToken));
        }
        Add("with a new minute", fresh);
        Add("without one, as three of four are", idle);
        await ExecuteAsync(load, "insert into late_telemetry (deployment, from_at, to_at) values (null, @from, @to)", new { from = Start.AddHours(-1), to = Start });
        Add("with an hour of every deployment to judge again", [await RoundAsync(load, evaluator, Start.AddMinutes(Rounds).AddSeconds(30), cancellationToken)]);
        return table;
    }

    static async Task FillAsync(MonitorUnderLoad load, CancellationToken cancellationToken)
    {
        var (from, to) = (Start.AddMinutes(-HistoryMinutes), Start.AddMinutes(Rounds + 1));
        for (var i = 0; i < Deployments; i++)
        {
            var deployment = new DeploymentInfo($"line-{i}", new ModelRef("line", 1), null, null, 0, false, ["nut", "bolt"], 200, "Europe/Berlin", 0.25, [],
                new SamplingPolicy(), null, 1, from);
            await ExecuteAsync(load, "insert into deployments values (@Name, 1, @json::jsonb)", new { deployment.Name, json = JsonSerializer.Serialize(deployment, ContractJson.Options) });
            await GeneratedHistory.WriteAsync(load.Database, SeriesTable.Minutes, Cameras, from, to, 1, cancellationToken, deployment.Name);
        }
        await ExecuteAsync(load,
            """
            insert into telemetry_replicas (replica, boot_id, covered_from, watermark, received_watermark, received_at)
            values ('inference-1', gen_random_uuid(), @from, @to, @to, @to)
            """, new { from, to });
        await ExecuteAsync(load, "analyze series_minutes");
    }

    static async Task<TimeSpan> RoundAsync(MonitorUnderLoad load, AlertEvaluator evaluator, DateTimeOffset now, CancellationToken cancellationToken)
    {
        load.Time.Now = now;
        var started = TimeProvider.System.GetTimestamp();
        await evaluator.RunOnceAsync(cancellationToken);
        return TimeProvider.System.GetElapsedTime(started);
    }

    static async Task ExecuteAsync(MonitorUnderLoad load, string sql, object? parameters = null)
    {
        await using var connection = await load.Database.OpenConnectionAsync();
        await connection.ExecuteAsync(sql, parameters);
    }
}

using Dapper;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using RetrainLoop.Monitor.Alerts;
using RetrainLoop.Monitor.Alerts.Evaluation;
using RetrainLoop.Monitor.Alerts.Notifications;
using RetrainLoop.Monitor.Evaluations;
using RetrainLoop.Monitor.Hosting;
using RetrainLoop.Monitor.Telemetry;

namespace RetrainLoop.Tests.Monitor.Alerts;

/// <summary>One deployment whose minutes are played as telemetry, folded and judged on a clock that the test moves.</summary>
public abstract class AlertLine(PostgresServer postgres) : MonitorDatabase(postgres)
{
    internal static readonly DateTimeOffset Start = new(2026, 11, 23, 6, 0, 0, TimeSpan.Zero);
    static readonly IOptions<TelemetryOptions> Telemetry = Options.Create(new TelemetryOptions());
    AlertEvaluator? evaluator;
    long sequence;

    protected FakeTimeProvider Time { get; } = new(Start);
    protected AlertOptions AlertOptions { get; } = new();
    protected NotificationOptions NotificationOptions { get; } = new() { AllowPrivateAddresses = true, WebUrl = "https://loop.example" };

    private protected ChannelSecrets Secrets { get; } = new(new EphemeralDataProtectionProvider());

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await ExecuteAsync("insert into deployments values ('line', 1, @json::jsonb)", new { json = Documents.Write(Batches.Deployment()) });
    }

    /// <summary>The evaluator of this process; <see cref="Restart"/> makes another.</summary>
    protected AlertEvaluator Evaluator => evaluator ??= NewEvaluator(Time);

    protected void Restart() => evaluator = null;

    protected AlertEvaluator NewEvaluator(TimeProvider clock) =>
        new(Database, NewHoldoutReader(clock), Options.Create(AlertOptions), Telemetry, Nudge, clock, NullLogger<AlertEvaluator>.Instance);

    protected HoldoutReader NewHoldoutReader(TimeProvider clock) => new(Database, Options.Create(new EvaluationOptions()), clock);

    protected Notifier NewNotifier()
    {
        var options = Options.Create(NotificationOptions);
        return new Notifier(Database, options, new NotificationSender(options, Secrets, Time), Time, NullLogger<Notifier>.Instance);
    }

    /// <summary>Whole minutes of one request a second, acknowledged, folded and, unless told otherwise, judged each minute.</summary>
    protected async Task PlayAsync(int minutes, int requests = 1, double latencyMs = 20, int badEach = 0, bool evaluate = true, Func<Task>? each = null)
    {
        for (var minute = 0; minute < minutes; minute++)
        {
            var from = Time.GetUtcNow();
            Time.Advance(TimeSpan.FromMinutes(1));
            await SendAsync(from, Time.GetUtcNow(), requests, latencyMs, badEach);
            if (evaluate || minute == minutes - 1) await FoldAsync();
            if (evaluate) await Evaluator.RunOnceAsync(default);
            if (each is not null) await each();
        }
    }

    /// <param name="badEach">Malformed images in every ten seconds, beside ten good ones per <paramref name="requests"/>.</param>
    protected async Task SendAsync(DateTimeOffset from, DateTimeOffset to, int requests = 1, double latencyMs = 20, int badEach = 0)
    {
        var seconds = new List<SeriesSecond>();
        for (var at = from; requests > 0 && at < to; at += TimeSpan.FromSeconds(10))
        {
            var second = Batches.Second(at, 10 * requests, latencyMs);
            seconds.Add(badEach == 0 ? second : second with
            {
                Outcomes = new Dictionary<RequestOutcome, long> { [RequestOutcome.Ok] = 10 * requests, [RequestOutcome.BadInput] = badEach },
            });
        }
        await SendAsync(seconds, to);
    }

    /// <param name="watermark">Default: now.</param>
    protected Task SendAsync(IReadOnlyList<SeriesSecond> seconds, DateTimeOffset? watermark = null) =>
        TelemetryIntake.KeepAsync(Database, Batches.Batch(++sequence, watermark ?? Time.GetUtcNow(), seconds), Time.GetUtcNow(), default);

    protected Task FoldAsync() => new TelemetryFolder(Database, Telemetry, Time, NullLogger<TelemetryFolder>.Instance).RunOnceAsync(default);

    protected async Task<AlertInfo> FindAsync(string rule)
    {
        await using var connection = await Database.OpenConnectionAsync();
        return (await AlertReader.ListAsync(connection, Time.GetUtcNow(), default)).Single(alert => !alert.Test && alert.RuleName.StartsWith(rule, StringComparison.Ordinal));
    }

    /// <summary>Every change of state so far, oldest first.</summary>
    protected async Task<List<(string Rule, AlertState To, DateTimeOffset At)>> TransitionsAsync()
    {
        await using var connection = await Database.OpenConnectionAsync();
        return [.. (await AlertReader.HistoryAsync(connection, null, null, null, null, 1000, default))
            .OrderBy(transition => transition.At).ThenBy(transition => transition.RuleName).Select(transition => (transition.RuleName, transition.To, transition.At))];
    }

    protected async Task<Guid> AddChannelAsync(NotificationChannelRequest request, string? secret = null)
    {
        var channel = new NotificationChannel(new NotificationChannelInfo(Guid.NewGuid(), request.Name, request.Kind, request.Target, secret is not null,
            request.MinimumSeverity, request.Deployment, request.SendResolved, request.Enabled), secret is null ? null : Secrets.Protect(secret), Time.GetUtcNow(), false);
        await using var connection = await Database.OpenConnectionAsync();
        Assert.True(await ChannelStore.SaveAsync(connection, channel, default));
        return channel.Info.Id;
    }

    protected async Task<List<DeliveryInfo>> DeliveriesAsync()
    {
        await using var connection = await Database.OpenConnectionAsync();
        return await DeliveryStore.ListAsync(connection, null, null, 100, default);
    }

    protected async Task ExecuteAsync(string sql, object? parameters = null)
    {
        await using var connection = await Database.OpenConnectionAsync();
        await connection.ExecuteAsync(sql, parameters);
    }
}

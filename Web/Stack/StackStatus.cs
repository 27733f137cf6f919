using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Npgsql;
using Polly;
using RetrainLoop.ServiceDefaults.Hosting;
using StackExchange.Redis;

namespace RetrainLoop.Web.Stack;

/// <summary>Away: no answer. Starting: answers that it is not ready. Degraded: works, but something it would like is missing.</summary>
public enum ComponentState { Unknown, Up, Degraded, Starting, Away }

/// <summary>One part of the stack as Web sees it.</summary>
/// <param name="Detail">Why it is not up, in a sentence; empty when it is.</param>
/// <param name="Since">When it came into this state.</param>
public sealed record ComponentStatus(string Name, ComponentState State, string Detail, DateTimeOffset Since);

/// <summary>Asks every part of the stack how it is, so that pages can say what is away.</summary>
public sealed class StackStatus(
    IHttpClientFactory http, StackServices services, NpgsqlDataSource database, IConnectionMultiplexer redis, IOptions<StackOptions> options,
    TimeProvider time, ILogger<StackStatus> logger) : RecurringWork(time, logger)
{
    internal const string HttpClientSuffix = "-status";
    readonly Lock gate = new();
    Dictionary<string, ComponentStatus> known = [];

    /// <summary>All parts in loop order; Unknown until first asked.</summary>
    public IReadOnlyList<ComponentStatus> Components
    {
        get
        {
            lock (gate) return [.. services.Names.Concat(["postgres", "redis"]).Select(Of)];
        }
    }

    /// <summary>Raised on a thread of the poll when a part changed its state.</summary>
    public event Action? Changed;

    public ComponentStatus this[string name]
    {
        get
        {
            lock (gate) return Of(name);
        }
    }

    protected override TimeSpan Interval => TimeSpan.FromSeconds(options.Value.StatusSeconds);

    public override async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        var asked = await Task.WhenAll([
            .. services.Names.Select(name => AskServiceAsync(name, cancellationToken)),
            AskDatabaseAsync(cancellationToken),
            Task.FromResult(redis.IsConnected
                ? ("redis", ComponentState.Up, "")
                : ("redis", ComponentState.Away, "Redis is not connected; live updates are late, nothing is lost.")),
        ]);
        if (Take(asked)) Changed?.Invoke();
    }

    ComponentStatus Of(string name) =>
        known.GetValueOrDefault(name) ?? new ComponentStatus(name, ComponentState.Unknown, "Not asked yet.", Time.GetUtcNow());

    bool Take(IEnumerable<(string Name, ComponentState State, string Detail)> asked)
    {
        var changed = false;
        lock (gate)
        {
            var next = new Dictionary<string, ComponentStatus>();
            foreach (var (name, state, detail) in asked)
            {
                var before = known.GetValueOrDefault(name);
                var same = before?.State == state;
                changed |= !same || before?.Detail != detail;
                next[name] = new ComponentStatus(name, state, detail, same ? before!.Since : Time.GetUtcNow());
            }
            known = next;
        }
        return changed;
    }

    async Task<(string, ComponentState, string)> AskServiceAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await http.CreateClient(name + HttpClientSuffix).GetAsync("/health", cancellationToken);
            var report = await response.Content.ReadFromJsonAsync<HealthReport>(ContractJson.Options, cancellationToken);
            return (name, StateOf(report?.Status), string.Join(" ", Complaints(report)));
        }
        catch (JsonException)
        {
            return (name, ComponentState.Away, $"Something else answers in the place of {name}.");
        }
        catch (Exception exception) when (
            exception is HttpRequestException or IOException or OperationCanceledException or ExecutionRejectedException && !cancellationToken.IsCancellationRequested)
        {
            return (name, ComponentState.Away, $"{name} does not answer. It is started again by itself; what it owns is kept.");
        }
    }

    static ComponentState StateOf(string? status) => status switch
    {
        "Healthy" => ComponentState.Up,
        "Degraded" => ComponentState.Degraded,
        _ => ComponentState.Starting,
    };

    static IEnumerable<string> Complaints(HealthReport? report) => report?.Checks is null
        ? []
        : report.Checks.Where(check => check.Value.Status != "Healthy").Select(check => check.Value.Description ?? $"{check.Key} is {check.Value.Status}.");

    async Task<(string, ComponentState, string)> AskDatabaseAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var command = database.CreateCommand("select 1");
            await command.ExecuteScalarAsync(cancellationToken);
            return ("postgres", ComponentState.Up, "");
        }
        catch (Exception exception) when (exception is NpgsqlException or TimeoutException)
        {
            return ("postgres", ComponentState.Away, "The database does not answer. Predictions go on; everything else waits for it.");
        }
    }

    sealed record HealthReport(string Status, Dictionary<string, HealthCheck>? Checks);

    sealed record HealthCheck(string Status, string? Description);
}

using System.Collections.Concurrent;
using System.Net.Http.Json;
using Microsoft.Extensions.Options;
using Npgsql;
using Polly;
using RetrainLoop.ServiceDefaults.Hosting;
using RetrainLoop.ServiceDefaults.Security;
using RetrainLoop.Web.Stack;

namespace RetrainLoop.Web.Keys;

/// <summary>
/// Brings the keys to every service: at the start, after each change, and as a heartbeat. Web applies them to its own ring first.
/// With the database away the last known keys go on being published.
/// </summary>
public sealed partial class PublishKeys(
    ApiKeys keys, KeyRing ring, StackServices services, StackStatus status, IHttpClientFactory http, IConfiguration configuration,
    IOptions<KeysOptions> options, TimeProvider time, ILogger<PublishKeys> logger) : RecurringWork(time, logger)
{
    internal const string HttpClientSuffix = "-keys";
    readonly ConcurrentDictionary<string, KeyPublication> publications = new();
    KeySnapshot? snapshot;
    bool isSeeded;

    protected override TimeSpan Interval => TimeSpan.FromMilliseconds(options.Value.RetryMilliseconds);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        keys.Changed += Wake;
        try
        {
            await base.ExecuteAsync(stoppingToken);
        }
        finally
        {
            keys.Changed -= Wake;
        }
    }

    /// <summary>One look: read the keys, and send them to whoever is due.</summary>
    public override async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        if (!isSeeded) await keys.ConfigureAdminAsync(configuration["Security:AdminKey"] is { Length: > 0 } secret ? secret : null, cancellationToken);
        isSeeded = true;
        await RefreshAsync(cancellationToken);
        if (snapshot is not { } current) return;
        var heartbeat = TimeSpan.FromSeconds(options.Value.HeartbeatSeconds);
        await Task.WhenAll(services.Names
            .Where(service => publications.GetValueOrDefault(service, new()).IsDue(current.Revision, status[service].State, Time.GetUtcNow(), heartbeat))
            .Select(service => PublishAsync(service, current, cancellationToken)));
    }

    async Task RefreshAsync(CancellationToken cancellationToken)
    {
        try
        {
            var newest = await keys.SnapshotAsync(cancellationToken);
            if (newest.Revision == snapshot?.Revision) return;
            ring.Apply(newest);
            snapshot = newest;
        }
        catch (Exception exception) when (exception is NpgsqlException or TimeoutException)
        {
            LogUnreadable(exception.Message);
        }
    }

    async Task PublishAsync(string service, KeySnapshot current, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await http.CreateClient(service + HttpClientSuffix).PutAsJsonAsync(
                "/v1/key-snapshot", current, ContractJson.Options, cancellationToken);
            response.EnsureSuccessStatusCode();
            if (publications.GetValueOrDefault(service)?.Acknowledged != current.Revision) LogTaken(service, current.Revision, current.Keys.Count);
            publications[service] = new KeyPublication(current.Revision, Time.GetUtcNow());
        }
        catch (Exception exception) when (
            exception is HttpRequestException or IOException or OperationCanceledException or ExecutionRejectedException && !cancellationToken.IsCancellationRequested)
        {
            LogNotTaken(service, exception.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Service} took the keys of revision {Revision} ({Count} keys)")]
    partial void LogTaken(string service, long revision, int count);

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Service} did not take the keys ({Reason}); trying again")]
    partial void LogNotTaken(string service, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The keys cannot be read now ({Reason}); the known ones stay published")]
    partial void LogUnreadable(string reason);
}

using System.Net.Http.Json;
using System.Text.Json;
using RetrainLoop.ServiceDefaults.Hosting;
using RetrainLoop.ServiceDefaults.Security;
using RetrainLoop.Web.Stack;

namespace RetrainLoop.Web.Layout;

/// <summary>Knows whether the sample line's oracle answers label tasks in place of people, so that every page can say so.</summary>
public sealed class OracleWatch(IHttpClientFactory http, StackServices services, TimeProvider time, ILogger<OracleWatch> logger)
    : RecurringWork(time, logger)
{
    const string Simulator = "simulator";
    const string HttpClientSuffix = "-oracle";

    public bool Enabled { get; private set; }

    /// <summary>Raised on a thread of the watch when the oracle was switched.</summary>
    public event Action? Changed;

    public static void Add(IServiceCollection services)
    {
        services.AddPlainClient(Simulator, HttpClientSuffix, TimeSpan.FromSeconds(2));
        services.AddHostedSingleton<OracleWatch>();
    }

    protected override TimeSpan Interval => TimeSpan.FromSeconds(5);

    public override async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        var enabled = await ReadAsync(cancellationToken);
        if (enabled == Enabled) return;
        Enabled = enabled;
        Changed?.Invoke();
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        services.Names.Contains(Simulator) ? base.ExecuteAsync(stoppingToken) : Task.CompletedTask;

    async Task<bool> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            return (await http.CreateClient(Simulator + HttpClientSuffix).GetFromJsonAsync<Oracle>("/v1/oracle", ContractJson.Options, cancellationToken))?.Enabled == true;
        }
        catch (Exception exception) when (exception is HttpRequestException or JsonException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return false; // a simulator that is away answers no tasks
        }
    }

    sealed record Oracle(bool Enabled);
}

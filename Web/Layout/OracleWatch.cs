using System.Net.Http.Json;
using System.Text.Json;
using RetrainLoop.ServiceDefaults.Security;
using RetrainLoop.Web.Stack;

namespace RetrainLoop.Web.Layout;

/// <summary>Knows whether the sample line's oracle answers label tasks in place of people, so that every page can say so.</summary>
public sealed class OracleWatch(IHttpClientFactory http, StackServices services, TimeProvider time) : BackgroundService
{
    const string Simulator = "simulator";
    const string HttpClientSuffix = "-oracle";
    static readonly TimeSpan Pace = TimeSpan.FromSeconds(5);

    public bool Enabled { get; private set; }

    /// <summary>Raised on a thread of the watch when the oracle was switched.</summary>
    public event Action? Changed;

    public static void Add(IServiceCollection services)
    {
        services.AddPlainClient(Simulator, HttpClientSuffix, TimeSpan.FromSeconds(2));
        services.AddSingleton<OracleWatch>();
        services.AddHostedService(provider => provider.GetRequiredService<OracleWatch>());
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!services.Names.Contains(Simulator)) return;
        using var timer = new PeriodicTimer(Pace, time);
        do
        {
            var enabled = await ReadAsync(stoppingToken);
            if (enabled == Enabled) continue;
            Enabled = enabled;
            Changed?.Invoke();
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

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

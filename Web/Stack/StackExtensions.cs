using RetrainLoop.ServiceDefaults.Security;

namespace RetrainLoop.Web.Stack;

public static class StackExtensions
{
    static readonly TimeSpan ProbeLimit = TimeSpan.FromSeconds(2);

    /// <summary>Clients of the other services, and the watch over how they are.</summary>
    public static void AddStack(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<StackOptions>().BindConfiguration("Stack").ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddStackClients();
        builder.Services.AddSingleton<StackServices>();
        foreach (var service in new StackServices(builder.Configuration).Names) builder.Services.AddPlainClient(service, StackStatus.HttpClientSuffix, ProbeLimit);
        builder.Services.AddHostedSingleton<StackStatus>();
    }

    public static void AddStackClients(this IServiceCollection services)
    {
        services.AddServiceClient("inference").AddTypedClient<InferenceClient>().AddTypedClient<ReplaysClient>();
        services.AddServiceClient("monitor").AddTypedClient<MonitorClient>().AddTypedClient<AlertsClient>().AddTypedClient<ChannelsClient>()
            .AddTypedClient<ReplayReportsClient>();
        services.AddServiceClient("labeling").AddTypedClient<LabelingClient>();
        services.AddServiceClient("training").AddTypedClient<TrainingClient>();
    }

    /// <summary>A client without retries and circuit breaker, for callers that ask again by themselves every moment.</summary>
    public static void AddPlainClient(this IServiceCollection services, string service, string suffix, TimeSpan limit)
    {
#pragma warning disable EXTEXP0001 // the call may still change its shape; there is no other public way to leave the handlers out for one client
        services.AddHttpClient(service + suffix, client => (client.BaseAddress, client.Timeout) = (new Uri($"http://{service}"), limit))
            .RemoveAllResilienceHandlers()
            .AddHttpMessageHandler<ServiceTokenHandler>();
#pragma warning restore EXTEXP0001
    }
}

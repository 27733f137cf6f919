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
}

using RetrainLoop.ServiceDefaults.Security;
using RetrainLoop.Web.Stack;

namespace RetrainLoop.Web.Keys;

public static class KeysExtensions
{
    static readonly TimeSpan PublicationLimit = TimeSpan.FromSeconds(5);

    /// <summary>API keys: where they are kept, and their publication to every service.</summary>
    public static void AddKeys(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<KeysOptions>().BindConfiguration("Keys").ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton<ApiKeys>();
        foreach (var service in new StackServices(builder.Configuration).Names)
            builder.Services.AddPlainClient(service, PublishKeys.HttpClientSuffix, PublicationLimit);
        builder.Services.AddHostedSingleton<PublishKeys>();
    }

    /// <summary>Maps <c>/v1/keys</c>.</summary>
    public static void MapKeys(this WebApplication app) => app.MapKeysApi();
}

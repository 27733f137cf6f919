namespace RetrainLoop.Simulator.Stack;

/// <summary>The services that the simulator talks to, by the names of the stack.</summary>
public static class StackClients
{
    public const string Inference = "inference", Labeling = "labeling";

    /// <summary>Like <see cref="Inference"/>, but each frame gets one try and is never spared: cameras do not retry.</summary>
    public const string Camera = "camera";

    public static void AddStackClients(this IHostApplicationBuilder builder)
    {
        builder.Services.AddTransient<ApiKeyHandler>();
        Add(builder.Services, Inference, Inference);
        Add(builder.Services, Labeling, Labeling);
        Add(builder.Services, Camera, Inference).RemoveAllResilienceHandlers();
    }

    static IHttpClientBuilder Add(IServiceCollection services, string name, string service)
    {
        var client = services.AddHttpClient(name, client => client.BaseAddress = new Uri($"http://{service}"));
        client.AddHttpMessageHandler<ApiKeyHandler>();
        return client;
    }
}

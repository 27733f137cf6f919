using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace RetrainLoop.Tests.Simulator;

/// <summary>Another service of the stack, played by a few routes on a free port.</summary>
public sealed class FakeService : IAsyncDisposable
{
    readonly WebApplication app;

    FakeService(WebApplication app) => this.app = app;

    public string Url => app.Urls.Single();

    public static async Task<FakeService> StartAsync(Action<WebApplication> map, string url = "http://127.0.0.1:0")
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(url);
        builder.Services.ConfigureHttpJsonOptions(json => ContractJson.Configure(json.SerializerOptions));
        var app = builder.Build();
        map(app);
        await app.StartAsync();
        return new FakeService(app);
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();
}

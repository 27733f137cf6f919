using System.Net.Http.Headers;
using System.Net.Http.Json;
using RetrainLoop.Tests.Web.Outside;

namespace RetrainLoop.Tests.Web;

/// <summary>Web as it runs, with real PostgreSQL, Redis and clock, in a world where only the other services are made up.</summary>
public sealed class WebUnderTest : IAsyncDisposable
{
    public const string AdminKey = "rl_the-admin-key-of-the-tests-0123456789";
    readonly ServiceUnderTest<Program> service;

    WebUnderTest(ServiceUnderTest<Program> service, OutsideWorld world) => (this.service, World) = (service, world);

    public OutsideWorld World { get; }

    public static Task<WebUnderTest> StartAsync(string connectionString, string redis, params (string Key, string Value)[] settings)
    {
        var world = new OutsideWorld(TimeProvider.System);
        var service = new ServiceUnderTest<Program>(
            ServiceUnderTest<Program>.Settings("webdb", connectionString, redis,
            [
                ("Security:AdminKey", AdminKey), ("Keys:RetryMilliseconds", "50"), ("Keys:HeartbeatSeconds", "1"), ("Stack:StatusSeconds", "0.2"),
                ("services:simulator:http:0", "http://simulator"),
                .. settings,
            ]),
            services: services => OutsideWorld.Connect(services, () => world));
        _ = service.Server;
        return Task.FromResult(new WebUnderTest(service, world));
    }

    public T Get<T>() where T : notnull => (T)service.Services.GetService(typeof(T))!;

    public HttpClient ClientOf(string key)
    {
        var client = service.CreateClient();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return client;
    }

    public HttpClient Admin() => ClientOf(AdminKey);

    /// <summary>Waits until Web itself knows the keys.</summary>
    public Task ReadyAsync() =>
        Eventually.TrueAsync(async () => (await Admin().GetAsync("/v1/keys")).IsSuccessStatusCode, "Web knows the configured admin key");

    public static Task<T?> ReadAsync<T>(HttpResponseMessage response) => response.Content.ReadFromJsonAsync<T>(ContractJson.Options);

    public async ValueTask DisposeAsync()
    {
        await service.DisposeAsync();
        await World.DisposeAsync();
    }
}

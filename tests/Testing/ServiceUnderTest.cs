using System.Net.Http.Headers;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace RetrainLoop.Tests.Testing;

/// <summary>
/// A service in this process, with its real database and Redis; only its server is in memory. Settings are ordinary configuration keys.
/// </summary>
public sealed class ServiceUnderTest<TProgram>(IReadOnlyDictionary<string, string> settings, TimeProvider? time = null, Action<IServiceCollection>? services = null)
    : WebApplicationFactory<TProgram> where TProgram : class
{
    public const string ServiceToken = "service-token-of-the-tests-0123456789";
    readonly string data = Directory.CreateTempSubdirectory("retrainloop-test-").FullName;

    /// <summary>The usual settings of a service: <paramref name="database"/> names its connection string.</summary>
    public static Dictionary<string, string> Settings(string database, string connectionString, string redis, params (string Key, string Value)[] more)
    {
        var settings = new Dictionary<string, string>
        {
            [$"ConnectionStrings:{database}"] = connectionString,
            ["ConnectionStrings:redis"] = redis,
            ["Security:ServiceToken"] = ServiceToken,
        };
        foreach (var (key, value) in more) settings[key] = value;
        return settings;
    }

    /// <summary>A client that signs as the stack itself.</summary>
    public HttpClient CreateStackClient()
    {
        var client = CreateClient();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", ServiceToken);
        return client;
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseSetting("RETRAINLOOP_DATA", data);
        foreach (var (key, value) in settings) builder.UseSetting(key, value);
        builder.ConfigureLogging(TestLog.Replace);
        builder.ConfigureServices(collection =>
        {
            if (time is not null) collection.AddSingleton(time);
            services?.Invoke(collection);
        });
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        Directory.Delete(data, recursive: true);
    }
}

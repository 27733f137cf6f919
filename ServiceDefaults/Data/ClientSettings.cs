using Microsoft.Extensions.Configuration;

namespace RetrainLoop.ServiceDefaults.Data;

/// <summary>The keys that Aspire's client packages read.</summary>
sealed class ClientSettings
{
    public string ConnectionString { get; set; } = "";
    public bool DisableHealthChecks { get; set; }
    public bool DisableTracing { get; set; }
    public bool DisableMetrics { get; set; }

    public static ClientSettings Read(IConfiguration configuration, string client, string name)
    {
        var settings = new ClientSettings();
        configuration.GetSection($"Aspire:{client}").Bind(settings);
        configuration.GetSection($"Aspire:{client}:{name}").Bind(settings);
        if (configuration.GetConnectionString(name) is { Length: > 0 } connectionString) settings.ConnectionString = connectionString;
        if (settings.ConnectionString.Length == 0)
            throw new InvalidOperationException($"There is no connection string '{name}'. Set ConnectionStrings__{name}, or start the stack with ./run.sh, which sets it.");
        return settings;
    }
}

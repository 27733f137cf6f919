using System.Globalization;
using Aspire.Hosting.ApplicationModel;
using RetrainLoop.LocalHost.Stack;

namespace RetrainLoop.LocalHost.Projects;

/// <summary>What a process is told besides what it inherits.</summary>
static class ServiceEnvironment
{
    /// <summary>Told unless the person running the stack has set it otherwise. Development lets an unpublished Web serve its static files.</summary>
    static readonly Dictionary<string, string> Defaults = new()
    {
        ["ASPNETCORE_ENVIRONMENT"] = "Development",
        ["Logging__LogLevel__Microsoft.AspNetCore"] = "Warning",
        ["Logging__LogLevel__System.Net.Http.HttpClient"] = "Warning",
        ["Logging__LogLevel__Microsoft.EntityFrameworkCore"] = "Warning",
        ["Logging__LogLevel__Microsoft.Extensions.Diagnostics.HealthChecks"] = "None", // the host tells health itself
        ["Logging__LogLevel__Npgsql"] = "Warning",
        ["Logging__LogLevel__Polly"] = "Error",
        ["Logging__Console__FormatterName"] = "simple",
        ["Logging__Console__FormatterOptions__SingleLine"] = "true",
        ["Logging__Console__FormatterOptions__TimestampFormat"] = "HH:mm:ss ",
        ["Logging__Console__FormatterOptions__UseUtcTimestamp"] = "true",
    };

    /// <param name="replica">Counted from 1.</param>
    public static async Task<IReadOnlyDictionary<string, string>> OfAsync(
        IResource resource,
        IReadOnlyDictionary<IResource, Endpoint> endpoints,
        int replica,
        string dataFolder,
        CancellationToken cancellation)
    {
        var environment = Defaults.Where(pair => Environment.GetEnvironmentVariable(pair.Key) is null).ToDictionary();
        environment["OTEL_SERVICE_NAME"] = resource.Name;
        environment["OTEL_RESOURCE_ATTRIBUTES"] = string.Create(CultureInfo.InvariantCulture, $"service.instance.id={resource.Name}-{replica}");
        environment[StackSettings.DataVariable] = dataFolder;
        if (endpoints.TryGetValue(resource, out var endpoint))
        {
            var port = endpoint.ProcessPorts[replica - 1];
            environment["ASPNETCORE_URLS"] = string.Join(';', endpoint.ListeningUrls(port));
            if (endpoint.PortVariable is { } variable)
            {
                environment[variable] = port.ToString(CultureInfo.InvariantCulture);
            }
        }

        foreach (var service in resource.Annotations.OfType<ServiceReferenceAnnotation>().Select(reference => reference.Service))
        {
            var found = endpoints.GetValueOrDefault(service)
                ?? throw new LocalRunException(
                    $"{resource.Name} refers to {service.Name}, which has no endpoint. Give it one with WithHttpEndpoint.");
            environment[$"services__{service.Name}__{found.Name}__0"] = found.LocalUrl;
        }

        foreach (var annotation in resource.Annotations.OfType<EnvironmentAnnotation>())
        {
            if (await annotation.Variable(cancellation) is { Value: { } value } pair)
            {
                environment[pair.Key] = value;
            }
        }

        return environment;
    }
}

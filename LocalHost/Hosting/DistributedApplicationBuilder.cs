using System.Reflection;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;
using RetrainLoop.LocalHost.Stack;

namespace Aspire.Hosting;

sealed class DistributedApplicationBuilder : IDistributedApplicationBuilder
{
    public DistributedApplicationBuilder(string[] args)
    {
        CommandLine = CommandLine.Parse(args);
        AppHostDirectory = Assembly.GetEntryAssembly()!.GetCustomAttributes<AssemblyMetadataAttribute>()
            .FirstOrDefault(metadata => metadata.Key == "AppHostDirectory")?.Value ?? Environment.CurrentDirectory;
        Configuration
            .AddJsonFile(Path.Combine(AppHostDirectory, "appsettings.json"), optional: true)
            .AddEnvironmentVariables()
            .AddInMemoryCollection(CommandLine.Configuration);
        Settings = new StackSettings(Configuration, AppHostDirectory);
    }

    public CommandLine CommandLine { get; }
    public StackSettings Settings { get; }
    public ConfigurationManager Configuration { get; } = new();
    public DistributedApplicationExecutionContext ExecutionContext { get; } = new();
    public string AppHostDirectory { get; }
    public IList<IResource> Resources { get; } = [];

    public IResourceBuilder<T> AddResource<T>(T resource) where T : IResource
    {
        if (Resources.Any(other => string.Equals(other.Name, resource.Name, StringComparison.OrdinalIgnoreCase)))
        {
            throw new InvalidOperationException($"Two resources are named '{resource.Name}'; a name stands for one resource.");
        }

        Resources.Add(resource);
        return new ResourceBuilder<T>(this, resource);
    }

    public DistributedApplication Build() => new(this);
}

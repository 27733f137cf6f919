using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting;

public interface IDistributedApplicationBuilder
{
    ConfigurationManager Configuration { get; }
    DistributedApplicationExecutionContext ExecutionContext { get; }

    /// <summary>The folder of the AppHost project.</summary>
    string AppHostDirectory { get; }

    IList<IResource> Resources { get; }

    /// <summary>Adds a resource; its name must be new.</summary>
    IResourceBuilder<T> AddResource<T>(T resource) where T : IResource;

    DistributedApplication Build();
}

public interface IProjectMetadata
{
    /// <summary>Absolute path of the project file.</summary>
    string ProjectPath { get; }

    /// <summary>Absolute path of the assembly that the build made.</summary>
    string AssemblyPath { get; }
}

/// <summary>This library only runs; publishing needs the real packages.</summary>
public sealed class DistributedApplicationExecutionContext
{
    public bool IsRunMode => true;
    public bool IsPublishMode => false;
}

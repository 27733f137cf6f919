using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Hosting;

namespace RetrainLoop.Tests.ServiceDefaults.Blobs;

sealed class NamedService(string name) : IHostEnvironment
{
    public string ApplicationName { get; set; } = name;
    public string EnvironmentName { get; set; } = "";
    public string ContentRootPath { get; set; } = "";
    public IFileProvider ContentRootFileProvider { get; set; } = new NullFileProvider();
}

using System.Net;
using Microsoft.Extensions.Configuration;

namespace RetrainLoop.LocalHost.Stack;

/// <summary>Where one run keeps its state and which address its external endpoints listen on.</summary>
public sealed class StackSettings(IConfiguration configuration, string appHostDirectory)
{
    public const string DataVariable = "RETRAINLOOP_DATA";
    public const string BindKey = "RetrainLoop:Bind";
    public const string BasePortKey = "RetrainLoop:BasePort";
    public const string DemoKey = "RetrainLoop:Demo";

    /// <summary>Absolute; <c>.data</c> beside the AppHost's folder unless RETRAINLOOP_DATA names another.</summary>
    public string DataFolder { get; } =
        Path.GetFullPath(configuration[DataVariable] is { Length: > 0 } folder ? folder : Path.Combine(appHostDirectory, "..", ".data"));

    public IPAddress Bind => IPAddress.TryParse(configuration[BindKey] ?? "127.0.0.1", out var address)
        ? address
        : throw new LocalRunException($"'{configuration[BindKey]}' is not an address to listen on. Give --bind an IP address such as 0.0.0.0.");

    public string StackFile => Path.Combine(DataFolder, "stack.json");
    public string LogFolder => Path.Combine(DataFolder, "logs");
    public string KeyFile(string parameterName) => Path.Combine(DataFolder, "keys", parameterName);
}

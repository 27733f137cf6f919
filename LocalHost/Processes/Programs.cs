namespace RetrainLoop.LocalHost.Processes;

/// <summary>Finds installed programs.</summary>
public static class Programs
{
    static readonly string[] UsualFolders = ["/usr/local/bin", "/usr/bin", "/bin", "/usr/local/sbin", "/usr/sbin", "/sbin", "/opt/homebrew/bin"];

    /// <summary>The full path of the first of <paramref name="names"/> on PATH or in the usual folders; null when there is none.</summary>
    public static string? Find(params string[] names) =>
        names.SelectMany(name => Folders().Select(folder => Path.Combine(folder, name))).FirstOrDefault(File.Exists);

    static IEnumerable<string> Folders() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries).Concat(UsualFolders);

    /// <summary>The dotnet that runs this process, so that services get the same runtime.</summary>
    public static string Dotnet { get; } =
        Environment.ProcessPath is { } self && Path.GetFileNameWithoutExtension(self) == "dotnet" ? self
        : Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } host ? host
        : Find("dotnet") ?? "dotnet";
}

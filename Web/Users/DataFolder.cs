namespace RetrainLoop.Web.Users;

/// <summary>The stack's data folder (<c>RETRAINLOOP_DATA</c>, else <c>.data</c> under the working directory).</summary>
public sealed class DataFolder(IConfiguration configuration)
{
    public string Path { get; } = System.IO.Path.GetFullPath(configuration["RETRAINLOOP_DATA"] ?? ".data");

    /// <summary>Where the keys that sign cookies are kept, so that sessions survive a restart.</summary>
    public DirectoryInfo DataProtection()
    {
        var folder = System.IO.Path.Combine(Path, "web", "data-protection");
        const UnixFileMode ownerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        return OperatingSystem.IsWindows() ? Directory.CreateDirectory(folder) : Directory.CreateDirectory(folder, ownerOnly);
    }

    /// <summary>Writes a file that only its owner reads; it never exists with wider rights.</summary>
    public async Task WriteSecretAsync(string path, string content, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path);
        File.Delete(path);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        await using var file = new StreamWriter(path, options);
        await file.WriteAsync(content.AsMemory(), cancellationToken);
    }
}

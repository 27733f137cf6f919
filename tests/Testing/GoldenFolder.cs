namespace RetrainLoop.Tests.Testing;

/// <summary>Where reference inputs and results are: <c>tests/Golden</c> in the clone, and the larger shared set beside it where there is one.</summary>
public static class GoldenFolder
{
    public static string RepositoryRoot { get; } = FindRoot();

    /// <summary>Path of a case that a clone carries.</summary>
    public static string Committed(params string[] parts) => Path.Combine([RepositoryRoot, "tests", "Golden", .. parts]);

    /// <summary>Path in the shared set, or the test is skipped because this machine has none.</summary>
    public static string Shared(params string[] parts)
    {
        var path = Path.GetFullPath(Path.Combine([RepositoryRoot, "..", "shared", "golden", .. parts]));
        if (!Path.Exists(path)) Assert.Skip($"The shared golden set has no {Path.Combine(parts)} here: put it beside the repository as ../shared/golden to run this test.");
        return path;
    }

    /// <summary>Whether the shared set is here, for theories that list its cases.</summary>
    public static bool HasShared => Directory.Exists(Path.Combine(RepositoryRoot, "..", "shared", "golden"));

    static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "global.json"))) return folder.FullName;
        throw new DirectoryNotFoundException("The tests must run from inside the repository.");
    }
}

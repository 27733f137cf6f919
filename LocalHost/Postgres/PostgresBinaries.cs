using System.Globalization;
using System.Text.RegularExpressions;
using RetrainLoop.LocalHost.Processes;
using RetrainLoop.LocalHost.Stack;

namespace RetrainLoop.LocalHost.Postgres;

/// <summary>A folder that holds postgres and initdb of one major version.</summary>
public sealed partial record PostgresBinaries(string Folder, int Major)
{
    public string Postgres => Path.Combine(Folder, "postgres");
    public string InitDb => Path.Combine(Folder, "initdb");

    /// <summary>
    /// The newest installed PostgreSQL, or the one of <paramref name="major"/> that made existing data.
    /// <paramref name="onlyIn"/> replaces the search.
    /// </summary>
    public static async Task<PostgresBinaries> FindAsync(string? onlyIn, int? major, CancellationToken cancellation)
    {
        var found = new List<PostgresBinaries>();
        foreach (var folder in (onlyIn is null ? Folders() : [onlyIn]).Distinct())
        {
            if (File.Exists(Path.Combine(folder, "postgres")) && File.Exists(Path.Combine(folder, "initdb"))
                && MajorOf((await Tool.RunAsync([Path.Combine(folder, "postgres"), "--version"], cancellation)).Output) is { } version)
            {
                found.Add(new(folder, version));
            }
        }

        return found.Where(binaries => major is null || binaries.Major == major).MaxBy(binaries => binaries.Major)
            ?? throw new LocalRunException(found.Count == 0
                ? "PostgreSQL is not installed. Install it (Debian and Ubuntu: apt install postgresql; macOS: brew install postgresql@17), "
                  + "or set ConnectionStrings__postgres to a server that you have."
                : $"The data was made by PostgreSQL {major}, which is not installed (found: {string.Join(", ", found.Select(b => b.Major))}). "
                  + $"Install PostgreSQL {major}, or give a new data folder with --data DIR.");
    }

    /// <summary>15 of "postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)".</summary>
    public static int? MajorOf(string version) =>
        Version().Match(version) is { Success: true } match ? int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) : null;

    static IEnumerable<string> Folders()
    {
        IEnumerable<string> onPath = Programs.Find("postgres") is { } program ? [Path.GetDirectoryName(program)!] : [];
        return onPath
            .Concat(Below("/usr/lib/postgresql", "*", "bin"))
            .Concat(Below("/usr", "pgsql-*", "bin"))
            .Concat(Below("/opt/homebrew/opt", "postgresql*", "bin"))
            .Concat(Below("/usr/local/opt", "postgresql*", "bin"));
    }

    static IEnumerable<string> Below(string parent, string pattern, string child) =>
        Directory.Exists(parent) ? Directory.GetDirectories(parent, pattern).Select(folder => Path.Combine(folder, child)) : [];

    [GeneratedRegex(@"\(PostgreSQL\) (\d+)")]
    private static partial Regex Version();
}

using RetrainLoop.LocalHost.Stack;

namespace RetrainLoop.LocalHost.Processes;

/// <summary>The user that a server runs as which refuses to run as root.</summary>
/// <param name="Prefix">Put before a command to run it as this user; empty when this process is not root.</param>
public sealed record UnprivilegedUser(string? Name, IReadOnlyList<string> Prefix)
{
    /// <summary>Lets the user pass folders on the way to its own, such as /root, that only root may enter; it may change nothing there.</summary>
    static readonly string[] Search = ["--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search"];

    /// <summary>This user, or for root the first of postgres and nobody. Makes sure that it can reach <paramref name="folder"/>.</summary>
    public static async Task<UnprivilegedUser> ForAsync(string folder, CancellationToken cancellation)
    {
        if (!Environment.IsPrivilegedProcess)
        {
            return new(null, []);
        }

        var setpriv = Programs.Find("setpriv") ?? throw new LocalRunException(
            "PostgreSQL refuses to run as root, and the program setpriv that drops the rights is missing. "
            + "Install util-linux, or start the stack as an ordinary user.");
        var name = await IdAsync("-u", "postgres", cancellation) is null ? "nobody" : "postgres";
        var user = await IdAsync("-u", name, cancellation);
        var group = await IdAsync("-g", name, cancellation);
        string[] drop = [setpriv, $"--reuid={user}", $"--regid={group}", "--clear-groups"];
        foreach (string[] prefix in new string[][] { drop, [.. drop, .. Search] })
        {
            if ((await Tool.RunAsync([.. prefix, "ls", "-d", Path.Combine(folder, ".")], cancellation)).ExitCode == 0)
            {
                return new(name, prefix);
            }
        }

        throw new LocalRunException(
            $"PostgreSQL refuses to run as root, and its user '{name}' cannot enter {folder}. "
            + "Give a folder that others may pass with --data DIR (for example /var/lib/retrainloop), or start the stack as an ordinary user.");
    }

    /// <summary>Makes the folder and all in it this user's own.</summary>
    public async Task OwnAsync(string folder, CancellationToken cancellation)
    {
        if (Name is not null)
        {
            await Tool.RunAsync(["chown", "-R", $"{Name}:", folder], cancellation);
        }
    }

    static async Task<string?> IdAsync(string option, string name, CancellationToken cancellation) =>
        await Tool.RunAsync(["id", option, name], cancellation) is { ExitCode: 0 } found ? found.Output : null;
}

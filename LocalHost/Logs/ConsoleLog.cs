using Spectre.Console;

namespace RetrainLoop.LocalHost.Logs;

/// <summary>All output of the stack on one console: each line behind the coloured name of its resource, and in a file per resource.</summary>
sealed class ConsoleLog(string folder, IReadOnlyList<string> names) : IDisposable
{
    const string OwnName = "stack";
    static readonly string[] Colours = ["36", "32", "35", "33", "34", "96", "92", "95", "93", "94"];
    static readonly bool IsColoured = AnsiConsole.Profile.Capabilities.Ansi;

    readonly Lock gate = new();
    readonly int width = names.Append(OwnName).Max(name => name.Length);
    readonly Dictionary<string, string> colours =
        names.Index().ToDictionary(pair => pair.Item, pair => Colours[pair.Index % Colours.Length]);
    readonly Dictionary<string, LogFile> files = names.Append(OwnName).ToDictionary(name => name, name => new LogFile(folder, name));

    /// <summary>A line of the host itself.</summary>
    public void Say(string text) => Write(OwnName, "1", text);

    /// <summary>A line of a resource.</summary>
    public void Line(string name, string text) => Write(name, colours[name], text);

    public void Table(Table table)
    {
        if (Console.IsOutputRedirected)
        {
            AnsiConsole.Profile.Width = 160;
        }

        lock (gate)
        {
            Try(() => AnsiConsole.Write(table));
        }
    }

    public void Dispose()
    {
        lock (gate)
        {
            foreach (var file in files.Values)
            {
                file.Dispose();
            }
        }
    }

    void Write(string name, string colour, string text)
    {
        lock (gate)
        {
            Try(() => Console.Out.WriteLine(
                IsColoured ? $"\e[{colour}m{name.PadRight(width)} │\e[0m {text}" : $"{name.PadRight(width)} | {text}"));
            Try(() => files[name].WriteLine(text));
        }
    }

    /// <summary>A closed terminal or a full disk loses lines; it must not stop the stack.</summary>
    static void Try(Action write)
    {
        try
        {
            write();
        }
        catch (IOException)
        {
            // Lost.
        }
    }
}

using System.Globalization;

namespace RetrainLoop.LocalHost.Stack;

/// <summary>The switches as configuration; <see cref="Problem"/> tells what is wrong with them.</summary>
public sealed record CommandLine(IReadOnlyDictionary<string, string?> Configuration, string? Problem, bool HelpAsked)
{
    public const string Help = """
          --base-port N    first port of the stack (8080); all other ports count from it
          --bind ADDRESS   address that external endpoints listen on (127.0.0.1); 0.0.0.0 = every network
          --data DIR       folder that keeps all state (.data, or RETRAINLOOP_DATA)
          --no-demo        leave out the sample production line
          --Key:Sub=value  any other configuration
        """;

    public static CommandLine Parse(IReadOnlyList<string> args)
    {
        var configuration = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < args.Count; i++)
        {
            var (name, value) = args[i].Split('=', 2) is [var left, var right] ? (left, right) : (args[i], null);
            if (name is "--help" or "-h")
            {
                return new(configuration, null, HelpAsked: true);
            }

            if (name is "--no-demo" && value is null)
            {
                configuration[StackSettings.DemoKey] = "false";
            }
            else if (KeyOf(name) is { } key)
            {
                value ??= i + 1 < args.Count ? args[++i] : null;
                if (ProblemOf(name, value) is { } problem)
                {
                    return new(configuration, problem, HelpAsked: false);
                }

                configuration[key] = value;
            }
            else if (name.StartsWith("--", StringComparison.Ordinal) && value is not null)
            {
                configuration[name[2..]] = value;
            }
            else
            {
                return new(configuration, $"'{args[i]}' is not understood. The switches are:\n{Help}", HelpAsked: false);
            }
        }

        return new(configuration, null, HelpAsked: false);
    }

    static string? KeyOf(string name) => name switch
    {
        "--base-port" => StackSettings.BasePortKey,
        "--bind" => StackSettings.BindKey,
        "--data" => StackSettings.DataVariable,
        _ => null,
    };

    static string? ProblemOf(string name, string? value) => (name, value) switch
    {
        (_, null or "") => $"{name} needs a value.",
        ("--base-port", _) when !IsPort(value) => $"'{value}' is not a port. Give --base-port a number from 1 to {Ports.LastBase}.",
        _ => null,
    };

    static bool IsPort(string value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is >= 1 and <= Ports.LastBase;
}

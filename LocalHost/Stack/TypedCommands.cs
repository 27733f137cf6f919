using Aspire.Hosting.ApplicationModel;
using RetrainLoop.LocalHost.Logs;

namespace RetrainLoop.LocalHost.Stack;

/// <summary>Lets the person at the console run the commands of resources: <c>RESOURCE COMMAND</c> and Enter.</summary>
static class TypedCommands
{
    /// <summary>Does not touch the input when there are no commands; a stack in the background would be stopped by the terminal for that.</summary>
    public static void Listen(IEnumerable<IResource> resources, ConsoleLog log, CancellationToken stop)
    {
        var commands = resources
            .SelectMany(resource => resource.Annotations.OfType<CommandAnnotation>().Select(command => (resource.Name, Command: command)))
            .ToDictionary(pair => $"{pair.Name} {pair.Command.Name}", pair => (pair.Name, pair.Command), StringComparer.OrdinalIgnoreCase);
        if (commands.Count > 0)
        {
            foreach (var (typed, (_, command)) in commands)
            {
                log.Say($"type '{typed}' and Enter: {command.Options.Description ?? command.DisplayName}");
            }

            new Thread(() => Read(commands, log, stop)) { IsBackground = true, Name = "commands" }.Start();
        }
    }

    static void Read(Dictionary<string, (string Name, CommandAnnotation Command)> commands, ConsoleLog log, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested && Console.In.ReadLine() is { } line)
        {
            var typed = line.Trim();
            if (commands.TryGetValue(typed, out var found))
            {
                log.Say($"{typed}: {RunAsync(found.Name, found.Command, stop).GetAwaiter().GetResult()}");
            }
            else if (typed.Length > 0)
            {
                log.Say($"'{typed}' is no command. There are: {string.Join(", ", commands.Keys)}.");
            }
        }
    }

    static async Task<string> RunAsync(string resource, CommandAnnotation command, CancellationToken stop)
    {
        try
        {
            var result = await command.Execute(new() { ResourceName = resource, CancellationToken = stop });
            return result.Success ? "done" : $"failed: {result.ErrorMessage}";
        }
        catch (Exception problem)
        {
            return $"failed: {problem.Message}";
        }
    }
}

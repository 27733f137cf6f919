using RetrainLoop.LocalHost.Stack;
using Spectre.Console;

namespace RetrainLoop.LocalHost.Logs;

static class StatusTable
{
    public static Table Of(StackStatus status)
    {
        var table = new Table().RoundedBorder().AddColumns("Resource", "State", "Address", "Process");
        foreach (var resource in status.Resources)
        {
            var state = resource.State.ToString().ToLowerInvariant();
            var colour = resource.State switch
            {
                ResourceState.Running or ResourceState.Finished => "green",
                ResourceState.Unhealthy or ResourceState.Restarting => "red",
                _ => "yellow",
            };
            table.AddRow(
                new Text(resource.Name),
                new Markup($"[{colour}]{state}[/]"),
                new Text(resource.Url ?? ""),
                new Text(resource.Replicas is { } replicas ? string.Join(", ", replicas.Select(replica => replica.Pid)) : $"{resource.Pid}"));
        }

        return table;
    }
}

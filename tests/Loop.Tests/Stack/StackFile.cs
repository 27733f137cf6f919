namespace RetrainLoop.Tests.Loop.Stack;

/// <summary>What AppHost writes to <c>stack.json</c>.</summary>
public sealed record StackFile(string State, IReadOnlyList<StackResource> Resources, string AdminKeyFile)
{
    public StackResource this[string name] => Resources.Single(resource => resource.Name == name);
}

public sealed record StackResource(string Name, string? Url, int? Pid, string State, IReadOnlyList<StackReplica>? Replicas = null);

public sealed record StackReplica(string Url, int? Pid, string State);

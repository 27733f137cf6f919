using System.Text.Json.Serialization;

namespace RetrainLoop.LocalHost.Stack;

[JsonConverter(typeof(LowerCaseEnumConverter<ResourceState>))]
public enum ResourceState
{
    Waiting,
    Starting,
    Running,
    Unhealthy,
    Restarting,
    Finished,
    Stopping,
    Stopped,
}

[JsonConverter(typeof(LowerCaseEnumConverter<StackState>))]
public enum StackState
{
    Starting,
    Running,
    Degraded,
    Stopping,
}

public static class States
{
    /// <summary>A resource is as well as the worst of its processes; without processes it is what its probe says.</summary>
    public static ResourceState Of(IEnumerable<ResourceState> processes) => processes.MaxBy(state => state switch
    {
        ResourceState.Finished => 0,
        ResourceState.Running => 1,
        ResourceState.Unhealthy => 2,
        ResourceState.Starting => 3,
        ResourceState.Restarting => 4,
        ResourceState.Waiting => 5,
        ResourceState.Stopping => 6,
        _ => 7,
    });

    /// <summary>Running means that every resource is healthy; before that has been so once, the stack is starting, afterwards degraded.</summary>
    public static StackState Of(IEnumerable<ResourceState> resources, bool ranBefore, bool stopping) =>
        stopping ? StackState.Stopping
        : resources.All(state => state is ResourceState.Running or ResourceState.Finished) ? StackState.Running
        : ranBefore ? StackState.Degraded
        : StackState.Starting;
}

sealed class LowerCaseEnumConverter<T>() : JsonStringEnumConverter<T>(System.Text.Json.JsonNamingPolicy.CamelCase) where T : struct, Enum;

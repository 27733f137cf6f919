using System.Text.Json;
using System.Text.Json.Serialization;

namespace RetrainLoop.LocalHost.Stack;

/// <summary>What scripts read: which resources there are, where, and how they are.</summary>
public sealed record StackStatus(StackState State, IReadOnlyList<ResourceStatus> Resources, string? AdminKeyFile);

/// <param name="Pid">Of the first process that is alive; null for a server that somebody else runs.</param>
/// <param name="Reason">Why it is not healthy.</param>
/// <param name="Replicas">Each process, when there are several.</param>
public sealed record ResourceStatus(
    string Name,
    string? Url,
    int? Pid,
    ResourceState State,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Reason = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<ReplicaStatus>? Replicas = null);

public sealed record ReplicaStatus(string Url, int? Pid, ResourceState State);

public static class StackFile
{
    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>Replaces the file at once, so that a reader never sees half of it.</summary>
    public static void Write(string path, StackStatus status)
    {
        File.WriteAllText(path + ".new", JsonSerializer.Serialize(status, Json) + "\n");
        File.Move(path + ".new", path, overwrite: true);
    }

    public static StackStatus Read(string path) => JsonSerializer.Deserialize<StackStatus>(File.ReadAllText(path), Json)!;
}

using System.Text.Json;

namespace RetrainLoop.Tests.Web.Outside;

/// <summary>A change feed in memory.</summary>
public sealed class OutsideFeed(TimeProvider time)
{
    readonly Lock gate = new();
    readonly List<Change> changes = [];

    public void Append<T>(string kind, string subject, T data)
    {
        lock (gate) changes.Add(
            new Change($"1.{changes.Count + 1}", kind, subject, time.GetUtcNow(), JsonSerializer.SerializeToElement(data, ContractJson.Options)));
    }

    public ChangePage Read(string after, int limit, string kinds)
    {
        var wanted = kinds.Split(',');
        lock (gate)
        {
            IReadOnlyList<Change> page = [.. changes.Skip(int.Parse(after.Split('.')[1])).Where(change => wanted.Contains(change.Kind)).Take(limit)];
            return new ChangePage(page, page.Count == 0 ? after : page[^1].Cursor);
        }
    }
}

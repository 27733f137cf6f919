using System.Text;
using System.Text.Json.Nodes;

namespace RetrainLoop.Tests.Inference.Hostile;

/// <summary>Spoils bytes and JSON, the same way for the same seed.</summary>
sealed class Mutation(Random random)
{
    static readonly string[] Values =
    [
        "null", "\"\"", "\"\\u0000\"", "\"\\ud800\"", "-1", "0", "1e308", "99999999999999999999", "true", "[]", "{}", "[null]", "[[[[[[[[[[]]]]]]]]]]",
        "\"../../etc/passwd\"", "\"'; drop table deployments; --\"", "\"\\ud83d\\ude00\"", "\"2026-99-99T00:00:00Z\"", "-0.0", "0.5", "\"NaN\"", "\"Infinity\"", "\"1\"",
        "\"00000000-0000-0000-0000-000000000000\"", "\"http://127.0.0.1/\"", "\"" + new string('x', 5000) + "\"",
    ];

    /// <summary>Flips, cuts, doubles or inserts some bytes.</summary>
    public byte[] Spoil(byte[] bytes)
    {
        var spoiled = bytes.ToList();
        for (var change = random.Next(1, 8); change > 0 && spoiled.Count > 0; change--)
        {
            var at = random.Next(spoiled.Count);
            switch (random.Next(10))
            {
                case < 6:
                    spoiled[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 6:
                    spoiled[at] = (byte)random.Next(256);
                    break;
                case 7:
                    spoiled.RemoveRange(at, random.Next(Math.Min(64, spoiled.Count - at)));
                    break;
                case 8:
                    spoiled.InsertRange(at, spoiled.Take(random.Next(64)).ToArray());
                    break;
                default:
                    if (random.Next(4) == 0) spoiled.RemoveRange(at, spoiled.Count - at);
                    break;
            }
        }
        return [.. spoiled];
    }

    /// <summary>Replaces or removes some member, however deep, or spoils the text.</summary>
    public byte[] SpoilJson(string json)
    {
        if (random.Next(5) == 0) return Spoil(Encoding.UTF8.GetBytes(json));
        var root = JsonNode.Parse(json)!;
        var places = Places(root).ToList();
        var (parent, key) = places[random.Next(places.Count)];
        const string mark = "7351958230145"; // a number that stands for the raw text until the document is written
        if (parent is JsonArray array) array[(int)key] = long.Parse(mark);
        else if (random.Next(6) == 0) parent.AsObject().Remove((string)key);
        else parent[(string)key] = long.Parse(mark);
        return Encoding.UTF8.GetBytes(root.ToJsonString().Replace(mark, Values[random.Next(Values.Length)]));
    }

    public T Pick<T>(params T[] values) => values[random.Next(values.Length)];

    static IEnumerable<(JsonNode Parent, object Key)> Places(JsonNode node)
    {
        var children = node switch
        {
            JsonObject members => members.Select(member => ((object)member.Key, member.Value)),
            JsonArray items => items.Select((item, index) => ((object)index, item)),
            _ => [],
        };
        foreach (var (key, child) in children.ToList())
        {
            yield return (node, key);
            if (child is not null)
                foreach (var place in Places(child)) yield return place;
        }
    }
}

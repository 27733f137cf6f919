using System.Text.Json;
using RetrainLoop.Contracts;

namespace RetrainLoop.Training.Data;

/// <summary>
/// Which images of a dataset were added since its parent version, by path in the dataset with forward slashes, as
/// <c>retrainloop.json</c> names them: <c>{ "new": ["images/train/x.jpg"] }</c>. Without that file all are new.
/// </summary>
public sealed class NewFrames(IReadOnlySet<string>? paths)
{
    public const string FileName = "retrainloop.json";

    sealed record Content(IReadOnlyList<string>? New);

    public bool Contains(string relativePath) => paths?.Contains(relativePath.Replace(Path.DirectorySeparatorChar, '/')) ?? true;

    public static NewFrames Read(string folder)
    {
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path)) return new NewFrames(null);
        try
        {
            var content = JsonSerializer.Deserialize<Content>(File.ReadAllText(path), ContractJson.Options);
            return new NewFrames(content?.New?.ToHashSet(StringComparer.Ordinal));
        }
        catch (JsonException error)
        {
            throw new DatasetException($"{FileName} is not valid JSON: {error.Message}");
        }
    }
}

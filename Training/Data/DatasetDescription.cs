using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace RetrainLoop.Training.Data;

/// <summary>What <c>data.yaml</c> says. Folders are relative to the dataset's folder.</summary>
public sealed record DatasetDescription(IReadOnlyList<string> ClassNames, string? Train, string? Validation)
{
    public const string FileName = "data.yaml";

    public static DatasetDescription Read(string folder)
    {
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path)) throw new DatasetException($"The dataset has no {FileName} at its top.");
        return Parse(File.ReadAllText(path));
    }

    /// <summary>Class names may be a list or a map from number to name, as both are written by common tools.</summary>
    public static DatasetDescription Parse(string text)
    {
        var yaml = new YamlStream();
        try
        {
            yaml.Load(new StringReader(text));
        }
        catch (YamlException error)
        {
            throw new DatasetException($"{FileName} is not valid YAML: {error.Message}");
        }
        if (yaml.Documents.Count == 0 || yaml.Documents[0].RootNode is not YamlMappingNode root)
            throw new DatasetException($"{FileName} is not a map of names to values.");
        var prefix = Scalar(root, "path") is { Length: > 0 } path && path != "." && !Path.IsPathRooted(path) ? path : "";
        return new DatasetDescription(Names(root), Folder(root, "train", prefix), Folder(root, "val", prefix));
    }

    static IReadOnlyList<string> Names(YamlMappingNode root)
    {
        var names = root.Children.TryGetValue(new YamlScalarNode("names"), out var node) ? node : null;
        IReadOnlyList<string> read = names switch
        {
            YamlSequenceNode list => [.. list.Select(item => item.ToString())],
            YamlMappingNode map => [.. map.OrderBy(pair => Number(pair.Key)).Select(pair => pair.Value.ToString())],
            _ => [],
        };
        return read.Count > 0 ? read : throw new DatasetException($"{FileName} names no classes.");
    }

    static int Number(YamlNode key) => int.TryParse(key.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        ? number
        : throw new DatasetException($"{FileName} has the class number '{key}', which is not a number.");

    static string? Scalar(YamlMappingNode root, string key) =>
        root.Children.TryGetValue(new YamlScalarNode(key), out var node) && node is YamlScalarNode { Value: { } value } ? value : null;

    static string? Folder(YamlMappingNode root, string key, string prefix) =>
        Scalar(root, key) is { Length: > 0 } folder ? Path.Combine(prefix, folder) : null;
}

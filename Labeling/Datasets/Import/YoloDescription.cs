using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace RetrainLoop.Labeling.Datasets.Import;

/// <summary>The class names of a YOLO dataset's <c>data.yaml</c>.</summary>
static class YoloDescription
{
    /// <summary>
    /// Names as a list or as a map from number to name, as both are written by common tools; null when there are none (a finding says why).
    /// </summary>
    public static IReadOnlyList<string>? ReadClassNames(string text, string file, Findings findings)
    {
        var yaml = new YamlStream();
        try
        {
            yaml.Load(new StringReader(text));
        }
        catch (YamlException exception)
        {
            findings.Add(file, (int)exception.Start.Line, $"is not valid YAML: {exception.Message}");
            return null;
        }
        var names = yaml.Documents.Count > 0 && yaml.Documents[0].RootNode is YamlMappingNode root ? Names(root) : null;
        if (names is null) findings.Add(file, null, "names no classes: it needs 'names', a list, or a map that numbers them from 0");
        else if (names.Distinct().Count() < names.Count) findings.Add(file, null, "names a class twice");
        return names;
    }

    static List<string>? Names(YamlMappingNode root) =>
        (root.Children.TryGetValue(new YamlScalarNode("names"), out var node) ? node : null) switch
        {
            YamlSequenceNode { Children.Count: > 0 } list => [.. list.Select(item => item.ToString())],
            YamlMappingNode { Children.Count: > 0 } map => FromMap(map),
            _ => null,
        };

    static List<string>? FromMap(YamlMappingNode map)
    {
        var names = new SortedDictionary<int, string>();
        foreach (var (key, name) in map.Children)
            if (int.TryParse(key.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var number)) names[number] = name.ToString();
        return names.Count == map.Children.Count && names.Keys.Last() == names.Count - 1 ? [.. names.Values] : null;
    }
}

using System.Globalization;
using System.Text;

namespace RetrainLoop.Benchmarks;

/// <summary>What a benchmark found; also written to <c>TestResults/benchmarks/NAME.md</c>.</summary>
public sealed class BenchmarkTable(params string[] columns)
{
    readonly List<string[]> rows = [];

    public BenchmarkTable Add(params object[] cells)
    {
        rows.Add([.. cells.Select(cell => Convert.ToString(cell, CultureInfo.InvariantCulture) ?? "")]);
        return this;
    }

    public string ToMarkdown()
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"| {string.Join(" | ", columns)} |");
        text.AppendLine(CultureInfo.InvariantCulture, $"|{string.Concat(columns.Select(_ => "---|"))}");
        foreach (var row in rows) text.AppendLine(CultureInfo.InvariantCulture, $"| {string.Join(" | ", row)} |");
        return text.ToString();
    }

    public Task SaveAsync(string name, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateDirectory(Path.Combine("TestResults", "benchmarks"));
        return File.WriteAllTextAsync(Path.Combine(folder.FullName, $"{name}.md"), ToMarkdown(), cancellationToken);
    }
}

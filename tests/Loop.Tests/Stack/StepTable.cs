using System.Globalization;
using System.Text;

namespace RetrainLoop.Tests.Loop.Stack;

/// <summary>The table of a pass that the test prints: each step with its time. <c>test.sh</c> shows the file at its end.</summary>
public sealed class StepTable(TimeProvider time)
{
    readonly long started = time.GetTimestamp();
    readonly List<(string Step, TimeSpan At, string Detail)> rows = [];

    public void Add(string step, string detail = "") => rows.Add((step, time.GetElapsedTime(started), detail));

    public void Add(string step, string detail, DateTimeOffset at) => rows.Add((step, time.GetElapsedTime(started) - (time.GetUtcNow() - at), detail));

    public override string ToString()
    {
        var text = new StringBuilder("| step | at | took | detail |\n|---|---:|---:|---|\n");
        var last = TimeSpan.Zero;
        foreach (var (step, at, detail) in rows)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"| {step} | {at.TotalSeconds:F0} s | {(at - last).TotalSeconds:F0} s | {detail} |");
            last = at;
        }
        return text.ToString();
    }

    public void Write(ITestOutputHelper output)
    {
        output.WriteLine(ToString());
        var folder = Directory.CreateDirectory(Path.Combine(GoldenFolder.RepositoryRoot, "TestResults"));
        File.WriteAllText(Path.Combine(folder.FullName, "loop.md"), ToString());
    }
}

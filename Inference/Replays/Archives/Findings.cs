namespace RetrainLoop.Inference.Replays.Archives;

/// <summary>Everything wrong in an archive; the first 100 are kept, all are counted.</summary>
sealed class Findings
{
    const int Kept = 100;
    readonly List<ReplayFinding> first = [];

    public int Count { get; private set; }
    public IReadOnlyList<ReplayFinding> First => first;
    public bool Any => Count > 0;

    public void Add(string file, int? line, string problem)
    {
        Count++;
        if (first.Count < Kept) first.Add(new ReplayFinding(file, line, problem));
    }

    /// <summary>The first finding as a sentence, and how many more there are.</summary>
    public string Summary()
    {
        var place = first[0].Line is { } line ? $"{first[0].File}, line {line}" : first[0].File;
        var more = Count == 1 ? "" : $" There are {Count} findings; the first {first.Count} are listed.";
        return $"Nothing is replayed. {place}: {first[0].Problem}.{more}";
    }
}

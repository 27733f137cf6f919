namespace RetrainLoop.Labeling.Datasets.Import;

/// <summary>Something wrong in an archive.</summary>
/// <param name="Line">From 1 in a text file; null when the whole file is meant.</param>
/// <param name="Problem">To follow "FILE, line N: ".</param>
public sealed record Finding(string File, int? Line, string Problem);

/// <summary>Everything wrong in an archive; the first 100 are kept, all are counted.</summary>
public sealed class Findings
{
    const int Kept = 100;
    readonly List<Finding> first = [];

    public int Count { get; private set; }
    public IReadOnlyList<Finding> First => first;
    public bool Any => Count > 0;

    public void Add(string file, int? line, string problem)
    {
        Count++;
        if (first.Count < Kept) first.Add(new Finding(file, line, problem));
    }
}

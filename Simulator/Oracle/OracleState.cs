using RetrainLoop.Simulator.Line;

namespace RetrainLoop.Simulator.Oracle;

/// <summary>Switches the oracle; an omitted member keeps its value.</summary>
/// <param name="Annotators">How many tasks are worked on at once, 1 to 16.</param>
public sealed record OracleChange(bool? Enabled = null, int? Annotators = null)
{
    public const int MostAnnotators = 16;

    public IEnumerable<string> Problems()
    {
        if (Annotators is < 1 or > MostAnnotators) yield return $"annotators is {Annotators} but must lie between 1 and {MostAnnotators}.";
    }
}

/// <summary>Whether the oracle answers label tasks, and what it did since the start.</summary>
/// <param name="Answered">Tasks submitted.</param>
/// <param name="Skipped">Tasks handed back because the frame is not one of the line's.</param>
/// <param name="Lost">Tasks that somebody else finished first.</param>
/// <param name="LastProblem">What went wrong last, while it lasts.</param>
public sealed record OracleInfo(bool Enabled, int Annotators, long Answered, long Skipped, long Lost, string? LastProblem);

/// <summary>What the oracle shall do and what it did; thread safe.</summary>
public sealed class OracleState
{
    readonly Watched<OracleInfo> state = new(new OracleInfo(false, 2, 0, 0, 0, null));

    /// <summary>The state and a token that is cancelled when the oracle is switched.</summary>
    public (OracleInfo Info, CancellationToken Changed) Current => state.Current;

    public OracleInfo Apply(OracleChange change) =>
        state.Replace(before => before with { Enabled = change.Enabled ?? before.Enabled, Annotators = change.Annotators ?? before.Annotators });

    public void Record(Func<OracleInfo, OracleInfo> update) => state.Note(update);
}

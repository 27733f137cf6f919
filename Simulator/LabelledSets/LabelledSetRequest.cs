using RetrainLoop.Simulator.Frames;

namespace RetrainLoop.Simulator.LabelledSets;

/// <summary>Asks for frames with their labels. The same request always gives the same bytes.</summary>
/// <param name="Count">Frames, training and validation together; 1 to 10,000.</param>
/// <param name="Seed">0 to 499,999. Sets of different seeds share no frame with each other, nor with what the cameras play.</param>
/// <param name="Drift">How the line has changed; default not at all.</param>
/// <param name="ValidationShare">Share of the frames in the validation split, [0, 1].</param>
public sealed record LabelledSetRequest(int Count = 300, int Seed = 1, Drift? Drift = null, double ValidationShare = 0.2)
{
    const int MostFrames = 10_000, HighestSeed = 499_999;

    /// <summary>Frame seeds from here on belong to the playing cameras.</summary>
    public const int FirstLiveSeed = 2 * (HighestSeed + 1);

    /// <summary>One sentence for each member that is out of range.</summary>
    public IEnumerable<string> Problems()
    {
        if (Count is < 1 or > MostFrames) yield return $"count is {Count} but must lie between 1 and {MostFrames}.";
        if (Seed is < 0 or > HighestSeed) yield return $"seed is {Seed} but must lie between 0 and {HighestSeed}.";
        if (ValidationShare is not (>= 0 and <= 1)) yield return $"validationShare is {ValidationShare} but must lie between 0 and 1.";
        foreach (var problem in Drift?.Problems() ?? []) yield return problem;
    }
}

using System.ComponentModel.DataAnnotations;
using RetrainLoop.Simulator.Frames;

namespace RetrainLoop.Simulator.LabelledSets;

/// <summary>Asks for frames with their labels. The same request always gives the same bytes.</summary>
/// <param name="Count">Frames, training and validation together.</param>
/// <param name="Seed">Sets of different seeds share no frame with each other, nor with what the cameras play.</param>
/// <param name="Drift">How the line has changed; default not at all.</param>
/// <param name="ValidationShare">Share of the frames in the validation split, [0, 1].</param>
public sealed record LabelledSetRequest(
    [property: Range(1, LabelledSetRequest.MostFrames)] int Count = 300,
    [property: Range(0, LabelledSetRequest.HighestSeed)] int Seed = 1,
    Drift? Drift = null,
    [property: Range(0.0, 1.0)] double ValidationShare = 0.2)
{
    public const int MostFrames = 10_000;
    public const int HighestSeed = 499_999;

    /// <summary>Frame seeds from here on belong to the playing cameras.</summary>
    public const int FirstLiveSeed = 2 * (HighestSeed + 1);
}

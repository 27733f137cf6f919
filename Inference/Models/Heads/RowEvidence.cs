namespace RetrainLoop.Inference.Models.Heads;

/// <summary>What the rows of an output hold for a frame of padding, where its shape alone fits several families.</summary>
/// <param name="LargestCenter">Among the first two members: pixels, or offsets in a cell.</param>
/// <param name="HasLogarithms">The first four members leave [0, 1], as offsets and logarithms do and scores do not.</param>
/// <param name="ObjectnessIsOne">The fifth member is 1 everywhere: a family without objectness that keeps its place.</param>
/// <param name="SixthIsClass">The sixth member is a whole number everywhere, as the index of a class is.</param>
readonly record struct RowEvidence(float LargestCenter, bool HasLogarithms, bool ObjectnessIsOne, bool SixthIsClass)
{
    const int BoxMembers = 4, Objectness = 4, Sixth = 5;

    /// <param name="values">Rows without gaps.</param>
    /// <param name="columns">Members of a row, at least 4.</param>
    public static RowEvidence Of(ReadOnlySpan<float> values, int columns)
    {
        var largestCenter = 0f;
        bool hasLogarithms = false, objectnessIsOne = columns > Objectness, sixthIsClass = columns > Sixth;
        for (; values.Length >= columns; values = values[columns..])
        {
            largestCenter = Math.Max(largestCenter, Math.Max(values[0], values[1]));
            foreach (var member in values[..BoxMembers]) hasLogarithms |= member is < 0 or > 1;
            objectnessIsOne &= columns > Objectness && values[Objectness] == 1;
            sixthIsClass &= columns > Sixth && float.IsInteger(values[Sixth]);
        }
        return new RowEvidence(largestCenter, hasLogarithms, objectnessIsOne, sixthIsClass);
    }
}

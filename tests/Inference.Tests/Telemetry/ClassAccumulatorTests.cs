using CsCheck;
using RetrainLoop.Inference.Telemetry;

namespace RetrainLoop.Tests.Inference.Telemetry;

public sealed class ClassAccumulatorTests
{
    static readonly Gen<Detection[]> Detections = Gen.Select(Gen.Single[0.01f, 1920], Gen.Single[0.01f, 1080], Gen.Single[0, 1])
        .Select((width, height, confidence) => new Detection(0, "nut", confidence, 0, 0, width, height)).Array[1, 60];

    [Fact]
    public void ToSecond_AnyDetectionsOfTwoStripes_HasAGridWhoseColumnsAndRowsAreWidthsAndHeights() => Gen.Select(Detections, Detections).Sample((one, other) =>
    {
        var (first, second) = (Count(one), Count(other));
        first.Add(second);
        var sum = first.ToSecond("nut");
        return sum.Count == one.Length + other.Length && sum.BoxSize!.Total == sum.Count
            && Along(sum.Width).SequenceEqual(Axis(sum.BoxSize, cell => cell % SignalBins.BoxSize.CellsPerAxis))
            && Along(sum.Height).SequenceEqual(Axis(sum.BoxSize, cell => cell / SignalBins.BoxSize.CellsPerAxis));
    }, iter: 300);

    static ClassAccumulator Count(Detection[] detections)
    {
        var counts = new ClassAccumulator();
        foreach (var detection in detections) counts.Add(detection, 1920, 1080);
        return counts;
    }

    static long[] Along(SparseHistogram side) => Axis(side, SignalBins.BoxSize.AlongAxis);

    static long[] Axis(SparseHistogram histogram, Func<int, int> positionOf)
    {
        var sums = new long[SignalBins.BoxSize.CellsPerAxis];
        for (var i = 0; i < histogram.Bins.Count; i++) sums[positionOf(histogram.Bins[i])] += histogram.Counts[i];
        return sums;
    }
}

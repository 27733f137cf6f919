using RetrainLoop.Contracts;
using RetrainLoop.Monitor.Series;

namespace RetrainLoop.Monitor.Telemetry;

/// <summary>The same rules as <see cref="TelemetryBatchCheck"/>, for a batch in bytes: what is acknowledged must be usable.</summary>
static class TelemetryBodyCheck
{
    /// <returns>The header, or a sentence that says what is wrong.</returns>
    public static (BatchHeader? Header, string? Refusal) Read(byte[] body)
    {
        try
        {
            var header = TelemetryBody.Header(body);
            if (string.IsNullOrWhiteSpace(header.Replica)) return (null, "A batch names its replica.");
            if (header.Sequence < 1) return (null, "The sequence counts from 1 within a boot.");
            TelemetryBody.Visit(body, Check);
            return (header, null);
        }
        catch (InvalidDataException exception)
        {
            return (null, $"The body is not a telemetry batch: {exception.Message} Monitor also takes JSON.");
        }
    }

    static void Check(SeriesKey series, long second, EncodedSketch sketch)
    {
        Demand(second is >= 0 and <= TelemetryBatchCheck.LastSecond, "A second is no time in Unix seconds.");
        Demand(!string.IsNullOrWhiteSpace(series.Deployment) && series.Model.Name.Length > 0 && Enum.IsDefined(series.Slot), "A series names its deployment, model and slot.");
        var counts = new ByteReader(sketch.Counts);
        var hasBoxSize = TelemetryBatchCodec.HasBoxSize(counts.Varint());
        var outcomes = counts.Count();
        Demand(outcomes <= Enum.GetValues<RequestOutcome>().Length, "An outcome is not known here.");
        for (; outcomes > 0; outcomes--) Count(counts.Varint());
        Histogram(ref counts);
        var classes = counts.Count();
        for (var i = 0; i < classes; i++)
        {
            Demand(counts.Block().Length > 0, "A class has a name.");
            var count = counts.Varint();
            Count(count);
            Sum(counts.Float(), count);
            Sum(counts.Float(), count);
        }
        Histograms(sketch.Latency, sketch.Latency.Length == 0 ? 0 : 1);
        Distributions(sketch.Distributions, classes, hasBoxSize);
        Histograms(sketch.Images, sketch.Images.Length == 0 ? 0 : 2);
        for (var stages = new ByteReader(sketch.Stages); !stages.AtEnd;)
        {
            stages.Block();
            Histogram(ref stages);
        }
        Demand(counts.AtEnd, "A block is longer than what it holds.");
    }

    static void Distributions(ReadOnlySpan<byte> block, int classes, bool hasBoxSize)
    {
        var reader = new ByteReader(block);
        for (; classes > 0; classes--)
        {
            for (var i = 0; i < 4; i++) Histogram(ref reader);
            if (hasBoxSize) Histogram(ref reader, SignalBins.BoxSize.Count);
        }
        Demand(reader.AtEnd, "A block is longer than what it holds.");
    }

    static void Histograms(ReadOnlySpan<byte> block, int expected)
    {
        var reader = new ByteReader(block);
        for (; expected > 0; expected--) Histogram(ref reader);
        Demand(reader.AtEnd, "A block is longer than what it holds.");
    }

    static void Histogram(ref ByteReader reader, int most = TelemetryBatchCheck.MostBins)
    {
        long bin = 0;
        for (int i = 0, bins = reader.Count(); i < bins; i++)
        {
            var step = reader.Varint();
            Demand(step >= (i == 0 ? 0 : 1) && (bin += step) < most, "Bins ascend from 0 and end where the signal's do.");
            Count(reader.Varint());
        }
    }

    static void Count(long count) => Demand(count is >= 0 and <= TelemetryBatchCheck.MostCounts, "A count of a second is between 0 and 10^9.");

    static void Sum(double sum, long count) => Demand(sum >= 0 && sum <= count * 1.001, "A class's sums are of confidences in [0, 1].");

    static void Demand(bool holds, string otherwise)
    {
        if (!holds) throw new InvalidDataException(otherwise);
    }
}

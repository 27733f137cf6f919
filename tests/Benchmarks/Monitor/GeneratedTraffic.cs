namespace RetrainLoop.Benchmarks.Monitor;

/// <summary>Telemetry of a line as its replicas would send it: every camera a few frames a second with a few detections of two classes.</summary>
sealed class GeneratedTraffic(int cameras, int framesPerSecond = 4, int seed = 1)
{
    static readonly string[] Classes = ["nut", "bolt"];
    static readonly string[] Regions = ["berlin", "osaka", "austin"];
    readonly Random random = new(seed);

    /// <summary>One second of every camera.</summary>
    public List<SeriesSecond> Second(DateTimeOffset at) => [.. Enumerable.Range(0, cameras).Select(camera => Second(at, camera))];

    SeriesSecond Second(DateTimeOffset at, int camera) => new(
        at.ToUnixTimeSeconds(), "line", new ModelRef("line", 1), ModelSlot.Champion, Regions[camera % Regions.Length], $"cam-{camera}",
        new Dictionary<RequestOutcome, long> { [RequestOutcome.Ok] = framesPerSecond },
        new[] { ("total", 30.0), ("queue", 1), ("decode", 3), ("inference", 22), ("postprocess", 0.5) }
            .ToDictionary(stage => stage.Item1, stage => Sparse(framesPerSecond, () => SignalBins.Latency.IndexOf(stage.Item2 * Math.Exp(0.3 * Normal())))),
        Sparse(framesPerSecond, () => random.Next(2, 5)),
        [.. Classes.Select(Detected)],
        Sparse(framesPerSecond, () => SignalBins.Brightness.IndexOf(120 + 5 * Normal())),
        Sparse(framesPerSecond, () => SignalBins.Sharpness.IndexOf(50 * Math.Exp(0.1 * Normal()))));

    ClassSecond Detected(string name)
    {
        List<(double Width, double Height)> boxes = [.. Enumerable.Range(0, framesPerSecond * 2).Select(_ => (Side(), Side()))];
        return new ClassSecond(name, boxes.Count, framesPerSecond * 1.5, framesPerSecond * 1.2,
            Sparse(boxes.Count, () => SignalBins.Confidence.IndexOf(0.75 + 0.12 * Normal())),
            Sparse(boxes.Select(box => SignalBins.RelativeSize.IndexOf(box.Width * box.Height))), Sparse(boxes.Select(box => SignalBins.RelativeSize.IndexOf(box.Width))),
            Sparse(boxes.Select(box => SignalBins.RelativeSize.IndexOf(box.Height))), Sparse(boxes.Select(box => SignalBins.BoxSize.CellOf(box.Width, box.Height))));
    }

    /// <summary>Of the image: about a tenth, seven in ten within a fifth of it.</summary>
    double Side() => 0.1 * Math.Exp(0.2 * Normal());

    static SparseHistogram Sparse(int values, Func<int> bin) => Sparse(Enumerable.Range(0, values).Select(_ => bin()));

    static SparseHistogram Sparse(IEnumerable<int> bins)
    {
        var counts = bins.GroupBy(index => index).OrderBy(group => group.Key).ToList();
        return new SparseHistogram([.. counts.Select(group => group.Key)], [.. counts.Select(group => (long)group.Count())]);
    }

    double Normal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}

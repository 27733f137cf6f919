namespace RetrainLoop.Inference.Telemetry;

/// <summary>One second of one series while it is being counted. Guarded by its stripe.</summary>
sealed class SeriesAccumulator
{
    static readonly RequestOutcome[] AllOutcomes = Enum.GetValues<RequestOutcome>();
    readonly long[] outcomes = new long[AllOutcomes.Length];
    readonly Dictionary<string, ClassAccumulator> classes = [];
    BinCounts total, upload, queue, decode, inference, postprocess, detections, brightness, sharpness;

    public void Add(in FrameObservation frame)
    {
        outcomes[(int)frame.Outcome]++;
        if (frame.Outcome != RequestOutcome.Ok) return;
        total.Add(SignalBins.Latency.IndexOf(frame.TotalMs));
        if (frame.Stages is { } stages)
        {
            if (stages.Upload > 0) upload.Add(SignalBins.Latency.IndexOf(stages.Upload)); // a replay has none
            queue.Add(SignalBins.Latency.IndexOf(stages.Queue));
            decode.Add(SignalBins.Latency.IndexOf(stages.Decode));
            inference.Add(SignalBins.Latency.IndexOf(stages.Inference));
            postprocess.Add(SignalBins.Latency.IndexOf(stages.Postprocess));
        }
        detections.Add(SignalBins.DetectionsPerRequest.IndexOf(frame.Detections.Count));
        if (frame.Statistics is { } statistics)
        {
            brightness.Add(SignalBins.Brightness.IndexOf(statistics.Brightness));
            sharpness.Add(SignalBins.Sharpness.IndexOf(statistics.Sharpness));
        }
        for (var i = 0; i < frame.Detections.Count; i++) ClassOf(frame.Detections[i].Name).Add(frame.Detections[i], frame.Width, frame.Height);
    }

    /// <summary>Merges another stripe's counts of the same second and series.</summary>
    public void Add(SeriesAccumulator other)
    {
        for (var i = 0; i < outcomes.Length; i++) outcomes[i] += other.outcomes[i];
        total.Add(other.total);
        upload.Add(other.upload);
        queue.Add(other.queue);
        decode.Add(other.decode);
        inference.Add(other.inference);
        postprocess.Add(other.postprocess);
        detections.Add(other.detections);
        brightness.Add(other.brightness);
        sharpness.Add(other.sharpness);
        foreach (var (name, counts) in other.classes) ClassOf(name).Add(counts);
    }

    public SeriesSecond ToSeries(long second, in SeriesKey key) => new(
        second, key.Deployment, key.Model, key.Slot, key.Region, key.Camera,
        AllOutcomes.Where(outcome => outcomes[(int)outcome] > 0).ToDictionary(outcome => outcome, outcome => outcomes[(int)outcome]),
        Stages(), detections.ToHistogramOrNull(), [.. classes.Select(pair => pair.Value.ToSecond(pair.Key))],
        brightness.ToHistogramOrNull(), sharpness.ToHistogramOrNull());

    ClassAccumulator ClassOf(string name)
    {
        if (!classes.TryGetValue(name, out var counts)) classes.Add(name, counts = new ClassAccumulator());
        return counts;
    }

    Dictionary<string, SparseHistogram> Stages()
    {
        var stages = new Dictionary<string, SparseHistogram>();
        foreach (var (name, counts) in new[] { ("total", total), ("upload", upload), ("queue", queue), ("decode", decode),
            ("inference", inference), ("postprocess", postprocess) })
            if (counts.ToHistogramOrNull() is { } histogram) stages.Add(name, histogram);
        return stages;
    }
}

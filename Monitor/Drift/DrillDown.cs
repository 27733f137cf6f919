using RetrainLoop.Contracts;
using RetrainLoop.Monitor.Drift.Embeddings;
using RetrainLoop.Monitor.Series;
using RetrainLoop.Monitor.Statistics;

namespace RetrainLoop.Monitor.Drift;

/// <summary>Which cameras and classes carry a signal's shift: each is held against itself in the baseline. Pure.</summary>
static class DrillDown
{
    const int Most = 50;

    /// <summary>The signals with their carriers; only those that drifted have any.</summary>
    public static IReadOnlyList<SignalDrift> Into(
        IReadOnlyList<SignalDrift> signals, SignalWindow baseline, SignalWindow current, DriftOptions options, EmbeddingWindows? embeddings = null)
    {
        var all = Signals.For([.. baseline.Classes.Union(current.Classes)]).ToDictionary(signal => signal.Name);
        return [.. signals.Select(drift => drift.Level != DriftLevel.Drift ? drift : drift with { Carriers = [.. Of(drift.Signal)] })];

        IEnumerable<DriftCarrier> Of(string name) => name == Signals.EmbeddingDistanceName && embeddings?.At(0) is var (before, now)
            ? OfCameras(Signals.EmbeddingDistance, before, now, options)
            : OfCameras(all[name], baseline, current, options).Concat(OfClasses(all[name], baseline, current, options));
    }

    static IEnumerable<DriftCarrier> OfCameras(Signal signal, SignalWindow baseline, SignalWindow current, DriftOptions options) =>
        Rank("camera", current.Cameras.Intersect(baseline.Cameras)
            .Select(camera => (camera, Compare(signal, baseline.OfCamera(camera), current.OfCamera(camera), options))));

    static IEnumerable<DriftCarrier> OfClasses(Signal signal, SignalWindow baseline, SignalWindow current, DriftOptions options) =>
        signal.IsMix ? Rank("class", current.Classes.Union(baseline.Classes).Select(name => (name, Compare(Signals.ShareOf(name), baseline, current, options))))
        : signal.IsOfDetections ? Rank("class", current.Classes.Intersect(baseline.Classes)
            .Select(name => (name, Compare(signal, baseline.OfClass(name), current.OfClass(name), options))))
        : [];

    static SignalComparison Compare(Signal signal, SignalWindow baseline, SignalWindow current, DriftOptions options) =>
        SignalComparison.Of(signal, baseline, current, BlockPlan.Choose(baseline, current, options), options);

    static IEnumerable<DriftCarrier> Rank(string dimension, IEnumerable<(string Name, SignalComparison Comparison)> parts)
    {
        var measured = parts.Where(part => part.Comparison.Test is not null).ToList();
        var adjusted = BenjaminiHochberg.Adjust([.. measured.Select(part => part.Comparison.Test!.Value.PValue)]);
        var weights = measured.Select(part => part.Comparison.Test!.Value.Distance * part.Comparison.Current.Count).ToList();
        var total = weights.Sum();
        return measured.Select((part, i) => new DriftCarrier(
                dimension, part.Name, part.Comparison.Test!.Value.Distance, adjusted[i], total == 0 ? 0 : weights[i] / total))
            .OrderByDescending(carrier => carrier.Share).Take(Most);
    }
}

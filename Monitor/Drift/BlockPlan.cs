using RetrainLoop.Monitor.Series;
using RetrainLoop.Monitor.Statistics;

namespace RetrainLoop.Monitor.Drift;

/// <summary>
/// How two windows are cut into exchangeable blocks. Hours of one day resemble each other, and all cameras share a day's weather, so a block is
/// a stretch of hours of all cameras together; a day has a cycle, so blocks are exchanged only with blocks of the same part of other days. Both
/// windows are cut in phase, counted back from the end of the current one. A baseline that spans less than two days cannot tell a day's cycle from
/// drift: its blocks are exchanged freely.
/// </summary>
/// <param name="Seconds">Length of a block.</param>
/// <param name="Parts">Parts that a day is cut into; 1 = blocks of any time are exchanged.</param>
/// <param name="Arrangements">In how many ways blocks can be exchanged: no p is under one over this.</param>
/// <param name="BaselineBlocks">Blocks that hold anything.</param>
public sealed record BlockPlan(int Seconds, int Parts, BlockUnit Unit, double Arrangements, int BaselineBlocks, int CurrentBlocks)
{
    const int Day = 86_400;
    /// <summary>So many that p is not coarse beside the smallest threshold of a family of tests.</summary>
    const double EnoughArrangements = 10_000;
    static readonly int[] Lengths = [Day, Day / 2, Day / 3, Day / 4, Day / 6, Day / 8, Day / 12, 3600, 1800, 1200, 600, 300, 120, 60, 30, 20, 10];

    /// <summary>The configured length, else the longest that leaves enough arrangements and blocks, else the shortest there is.</summary>
    public static BlockPlan Choose(SignalWindow baseline, SignalWindow current, DriftOptions options)
    {
        var shortest = baseline.CellSeconds;
        if (options.BlockSeconds is { } configured) return Of(Math.Max(configured, shortest) / shortest * shortest, baseline, current, options);
        BlockPlan? plan = null;
        foreach (var seconds in Lengths.Where(length => length >= shortest && length % shortest == 0).Append(shortest))
        {
            plan = Of(seconds, baseline, current, options);
            if (plan.Arrangements >= EnoughArrangements && Math.Min(plan.BaselineBlocks, plan.CurrentBlocks) >= options.MinimumBlocks) break;
        }
        return plan!;
    }

    /// <summary>Lays one signal of both windows out on this plan.</summary>
    /// <param name="cellOf">Maps a bin to one of <paramref name="cells"/> cells.</param>
    public PermutationBlocks Lay(Signal signal, SignalWindow baseline, SignalWindow current, int cells, Func<int, int> cellOf)
    {
        var cameras = baseline.Cells.Concat(current.Cells).Select(cell => cell.Camera).Distinct().Order(StringComparer.Ordinal)
            .Select((camera, index) => (camera, index)).ToDictionary(pair => pair.camera, pair => pair.index);
        var blocks = new PermutationBlocks(cells, cameras.Count * Parts, ordered: !signal.IsMix);
        var counts = new long[cells];
        foreach (var (window, isCurrent) in new[] { (baseline, false), (current, true) })
        {
            var places = new Dictionary<(long Block, int Camera), int>();
            var cut = new Cut(window, current, Seconds, Parts);
            foreach (var cell in window.Cells)
            {
                var (block, part) = cut.Of(cell.Start);
                var layer = cameras[cell.Camera] * Parts + part;
                var key = (block, Unit == BlockUnit.CameraTime ? cameras[cell.Camera] : 0);
                if (!places.TryGetValue(key, out var place)) places[key] = place = blocks.Add(Unit == BlockUnit.CameraTime ? layer : part, isCurrent);
                Array.Clear(counts);
                var values = signal.Of(cell.Sketch);
                for (var i = 0; i < values.Bins.Count; i++) counts[cellOf(values.Bins[i])] += values.Counts[i];
                blocks.AddTo(place, layer, counts);
            }
        }
        return blocks;
    }

    static BlockPlan Of(int seconds, SignalWindow baseline, SignalWindow current, DriftOptions options)
    {
        var parts = baseline.Length >= TimeSpan.FromDays(2) && Day % seconds == 0 ? Day / seconds : 1;
        HashSet<(long Block, (int Part, string Camera) Stratum)> Blocks(SignalWindow window)
        {
            var cut = new Cut(window, current, seconds, parts);
            return [.. window.Cells.Select(cell => (cut.Of(cell.Start), options.BlockUnit == BlockUnit.CameraTime ? cell.Camera : ""))
                .Select(cell => (cell.Item1.Block, (cell.Item1.Part, cell.Item2)))];
        }
        var (before, now) = (Blocks(baseline), Blocks(current));
        var strata = before.Concat(now).Select(block => block.Stratum).Distinct().Select(stratum =>
            (Current: now.Count(block => block.Stratum == stratum), Baseline: before.Count(block => block.Stratum == stratum)));
        return new BlockPlan(seconds, parts, options.BlockUnit,
            BlockPermutation.Arrangements(strata.Select(stratum => (stratum.Current + stratum.Baseline, stratum.Current))), before.Count, now.Count);
    }

    /// <summary>Numbers the blocks of a window. Cut ends that together make one block of the same part of the day are one.</summary>
    readonly struct Cut
    {
        readonly long phase;
        readonly int seconds, parts;
        readonly long first, last;
        readonly bool joined;

        public Cut(SignalWindow window, SignalWindow current, int seconds, int parts)
        {
            (this.seconds, this.parts) = (seconds, parts);
            phase = current.To.AddSeconds(current.CellSeconds - 1).Floor(current.CellSeconds).ToUnixTimeSeconds(); // cells are never cut by blocks
            var (from, to) = (window.From.ToUnixTimeSeconds(), window.To.ToUnixTimeSeconds());
            (first, last) = (BlockOf(from), BlockOf(to - 1));
            var ends = (StartOf(first) + seconds - from) + (to - StartOf(last));
            joined = last > first && PartOf(first) == PartOf(last) && ends <= seconds;
        }

        public (long Block, int Part) Of(DateTimeOffset start)
        {
            // A cell may begin before the window that cuts it.
            var block = Math.Max(BlockOf(start.ToUnixTimeSeconds()), first);
            return (joined && block == last ? first : block, PartOf(block));
        }

        long BlockOf(long second) => (long)Math.Floor((second - phase) / (double)seconds);
        long StartOf(long block) => phase + block * seconds;
        int PartOf(long block) => (int)((block % parts + parts) % parts);
    }
}

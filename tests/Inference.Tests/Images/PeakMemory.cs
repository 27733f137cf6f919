using System.Globalization;

namespace RetrainLoop.Tests.Inference.Images;

/// <summary>How much resident memory a piece of work took at its peak, native memory included. Linux only; nothing else may run meanwhile.</summary>
static class PeakMemory
{
    public static bool CanBeMeasured => File.Exists("/proc/self/clear_refs");

    /// <returns>Megabytes above what the process held before.</returns>
    public static double MegabytesOf(Action work)
    {
        GC.Collect();
        File.WriteAllText("/proc/self/clear_refs", "5"); // the peak begins anew
        var before = Read("VmRSS");
        work();
        return (Read("VmHWM") - before) / 1e3;
    }

    static double Read(string line) => double.Parse(
        File.ReadLines("/proc/self/status").First(text => text.StartsWith(line + ":", StringComparison.Ordinal)).Split(' ', '\t')
            .First(word => word.Length > 0 && char.IsAsciiDigit(word[0])), CultureInfo.InvariantCulture);
}

/// <summary>Tests that measure memory: they run alone.</summary>
[CollectionDefinition(nameof(MeasuresMemory), DisableParallelization = true)]
public sealed class MeasuresMemory;

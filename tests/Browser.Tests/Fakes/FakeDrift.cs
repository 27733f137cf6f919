using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace RetrainLoop.Tests.Browser.Fakes;

/// <summary>A line whose confidence fell since two hours, on one camera most; ten weeks of comparisons before.</summary>
public sealed class FakeDrift(FakeLine line)
{
    public static readonly Guid Newest = Guid.NewGuid(), LastWeek = Guid.NewGuid();

    /// <summary>What comparisons say; Drift unless a test wants something else.</summary>
    public DriftLevel Level { get; set; } = DriftLevel.Drift;
    /// <summary>Whether the baseline was counted by a build that had widths by heights.</summary>
    public bool KnowsBaselineSizes { get; set; } = true;
    /// <summary>How often somebody asked to compare now.</summary>
    public int Compared { get; private set; }
    /// <summary>The last time up to which reports were asked for.</summary>
    public DateTimeOffset? AskedUntil { get; private set; }
    public ConcurrentQueue<string> Asked { get; } = [];

    internal void Map(WebApplication app)
    {
        const string reports = "/v1/deployments/{name}/drift-reports";
        app.MapGet(reports, (string name, DateTimeOffset? to) =>
        {
            AskedUntil = to ?? AskedUntil;
            return name == "weld-seam" ? [] : new[] { Report(Newest, line.Now.AddHours(-1), line.Now, Level), Report(Guid.NewGuid(), line.Now.AddHours(-25), line.Now.AddHours(-24), DriftLevel.Stable) };
        });
        app.MapGet(reports + "/{id:guid}", (Guid id) => Report(id, line.Now.AddDays(-14), line.Now.AddDays(-7), DriftLevel.KsOnly));
        app.MapPost(reports, () =>
        {
            Compared++;
            return Report(Newest, line.Now.AddHours(-1), line.Now, Level);
        });
        app.MapGet(reports + "/{id:guid}/distributions", (HttpRequest request, string signal, string? camera) =>
        {
            Asked.Enqueue(request.QueryString.Value!);
            return signal == "boxSize" ? Sizes() : Distribution(signal, camera);
        });
        app.MapGet(reports + "/{id:guid}/frame-distances", (HttpRequest request, string? camera) =>
        {
            Asked.Enqueue(request.QueryString.Value!);
            return new FrameDistances([Distance(1, camera)], [Distance(21, camera), Distance(22, camera)]);
        });
        app.MapGet("/v1/deployments/{name}/drift-weeks", () => Enumerable.Range(0, 10).Select(Week));
    }

    DriftReport Report(Guid id, DateTimeOffset from, DateTimeOffset to, DriftLevel level) => new(
        id, FakeLine.Name, FakeLine.Champion, FakeLine.Baseline, from, to, level,
        [
            Signal("confidence", level, 0.231, 1e-40, 0.0008, 0.18, 0.741, 0.614, level == DriftLevel.Drift ? "moved by 0.18 of a whole distribution, over the threshold of 0.10, adjusted p 0.0008, in 2 windows in a row." : "says the plain test rejects, the decision does not.") with
            {
                Carriers = level == DriftLevel.Drift ? [new("camera", "munich-cam-2", 0.41, 0.0006, 0.61), new("camera", "munich-cam-5", 0.19, 0.004, 0.22), new("class", "nut", 0.33, 0.001, 0.48), new("class", "gear", 0.21, 0.003, 0.31)] : [],
                Windows = 2,
            },
            Signal("boxArea", DriftLevel.KsOnly, 0.041, 3e-9, 0.21, 0.031, 0.031, 0.032, "The plain test rejects on 9,120 values; the decision does not."),
            Signal("boxWidth", DriftLevel.Stable, 0.022, 0.02, 0.44, 0.019, 0.182, 0.184, "Unchanged."),
            Signal("boxHeight", DriftLevel.Stable, 0.019, 0.06, 0.51, 0.017, 0.174, 0.175, "Unchanged."),
            Signal("classMix", DriftLevel.Stable, 0.024, 0.04, 0.38, 0.024, 0, 0, "Unchanged."),
            Signal("detectionsPerRequest", DriftLevel.Stable, 0.037, 0.11, 0.29, 0.034, 6.9, 6.4, "Unchanged."),
            Signal("brightness", DriftLevel.Drift, 0.29, 1e-60, 0.0012, 0.22, 122, 88, "fell from 122 to 88 luma."),
            Signal("sharpness", DriftLevel.Inconclusive, 0.08, 0.003, 0.09, 0.07, 231, 214, "Too few blocks: 3 of the 6 that a decision needs."),
            Signal("embeddingDistance", DriftLevel.Stable, 0.05, 0.2, 0.31, 0.04, 0.036, 0.038, "Unchanged."),
        ],
        null, to.AddMinutes(1));

    static SignalDrift Signal(string name, DriftLevel level, double ks, double plain, double adjusted, double distance, double then, double now, string text) => new(
        name, level, ks, plain, ks * 1.3, ks / 3, 262_104, 9_120, level == DriftLevel.Inconclusive ? 3 : 41, adjusted / 3, then, now, text)
    {
        Distance = distance, DistanceThreshold = 0.1, DetectableDistance = 0.06, FalseDiscoveryPValue = adjusted, JensenShannon = ks / 4,
        Test = "block permutation, 8 h blocks, 27 against 6",
    };

    FrameDistance Distance(int seed, string? camera) => new(FakeSamples.IdOf(seed), camera ?? "munich-cam-2", line.Now, 0.04);

    DriftWeek Week(int index)
    {
        var monday = line.Now.AddDays(-7 * (9 - index) - 1);
        var moved = index == 9;
        return new DriftWeek(
            DateOnly.FromDateTime(monday.UtcDateTime), index == 9 ? Newest : LastWeek, FakeLine.Champion, monday, monday.AddDays(7),
            moved ? DriftLevel.Drift : index % 3 == 0 ? DriftLevel.KsOnly : DriftLevel.Stable, moved ? 0.231 : 0.03 + 0.006 * (index % 4), moved ? 1e-40 : 0.004 * (index + 1),
            moved ? 0.18 : 0.028 + 0.007 * (index % 4), 0.1, moved ? 0.0008 : 0.2 + 0.06 * (index % 5), 41_200 + 900 * index);
    }

    static SignalDistributions Distribution(string signal, string? camera)
    {
        var shift = camera is null ? 0.12 : camera.EndsWith('2') ? 0.26 : camera.EndsWith('5') ? 0.16 : 0.01;
        return signal switch
        {
            "classMix" => new(signal, "class", [], [0.31, 0.28, 0.25, 0.16], [0.33, 0.21, 0.27, 0.19]) { Names = FakeLine.Classes, BaselineCount = 262_104, CurrentCount = 9_120 },
            "confidence" => Bell(signal, "fraction", 0, 1, 1000, 0.78, 0.78 - shift, 0.13),
            "brightness" => Bell(signal, "luma", 0, 256, 256, 122, 88, 16),
            "detectionsPerRequest" => Bell(signal, "count", 0, 301, 301, 7, 6.5, 2.2),
            _ => Logarithmic(signal, signal == "sharpness" ? 20 : 0.001, shift),
        };
    }

    static SignalDistributions Bell(string signal, string unit, double low, double high, int bins, double then, double now, double sd)
    {
        double[] edges = [.. Enumerable.Range(0, bins + 1).Select(bin => low + (high - low) * bin / bins)];
        return new(signal, unit, edges, Shares(edges, then, sd), Shares(edges, now, sd * 1.25)) { BaselineCount = 262_104, CurrentCount = 9_120 };
    }

    static SignalDistributions Logarithmic(string signal, double low, double shift)
    {
        double[] edges = [.. Enumerable.Range(0, 180).Select(bin => low * Math.Pow(1.04, bin))];
        double[] logs = [.. edges.Select(edge => Math.Log(edge))];
        return new(signal, "fraction of image", edges, Shares(logs, logs[88], 0.6), Shares(logs, logs[88] + shift / 4, 0.62)) { BaselineCount = 262_104, CurrentCount = 9_120 };
    }

    static double[] Shares(double[] edges, double mean, double sd)
    {
        double[] raw = [.. edges.Zip(edges.Skip(1), (left, right) => Math.Exp(-Math.Pow(((left + right) / 2 - mean) / sd, 2) / 2) * (right - left))];
        return [.. raw.Select(value => value / raw.Sum())];
    }

    SignalDistributions Sizes()
    {
        var size = SignalBins.BoxSize.CellsPerAxis;
        double[] Cells(double width, double height)
        {
            double[] raw = [.. Enumerable.Range(0, size * size).Select(cell => Math.Exp(-(Math.Pow(cell % size - width, 2) + Math.Pow(cell / size - height, 2) - 0.9 * (cell % size - width) * (cell / size - height)) / 5)).Select(value => value < 1e-4 ? 0 : value)];
            return [.. raw.Select(value => value / raw.Sum())];
        }
        return new("boxSize", "fraction of side", [], [], [])
        {
            Grid = new SizeGrid(SignalBins.BoxSize.Edges, KnowsBaselineSizes ? Cells(9, 10) : null, Cells(9.6, 10.3)) { BaselineCoverage = KnowsBaselineSizes ? 1 : 0 },
            BaselineCount = KnowsBaselineSizes ? 262_104 : 0, CurrentCount = 9_120,
        };
    }
}

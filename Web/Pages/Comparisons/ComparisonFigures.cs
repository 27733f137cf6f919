using System.Globalization;

namespace RetrainLoop.Web.Pages.Comparisons;

/// <summary>What a comparison's counts say.</summary>
/// <param name="Agreement">Share of all boxes that both found, in [0, 1]; null when neither found any, or nothing was compared yet.</param>
/// <param name="ModelPerFrame">Boxes per frame of the tried model; null before it succeeded.</param>
public sealed record ComparisonFigures(double? Agreement, double? ModelPerFrame, double? ChampionPerFrame)
{
    public static ComparisonFigures Of(ComparisonInfo comparison)
    {
        if (comparison is not { Agreements: { } both, OnlyModel: { } model, OnlyChampion: { } champion, Frames: > 0 }) return new(null, null, null);
        var all = both + model + champion;
        return new(
            all == 0 ? null : (double)both / all, (double)(both + model) / comparison.Frames, (double)(both + champion) / comparison.Frames);
    }

    /// <summary>For example <c>74 of 200 frames, both models</c>: each frame is run once by each model.</summary>
    public static string Progress(ComparisonInfo comparison) =>
        string.Create(CultureInfo.InvariantCulture, $"{comparison.Done / 2:#,0} of {comparison.Frames:#,0} frames, both models");

    /// <summary>How long it still takes at the pace so far; null before the first frames.</summary>
    public static TimeSpan? TimeLeft(ComparisonInfo comparison, DateTimeOffset now) =>
        comparison is { FinishedAt: null, Done: > 0 } && comparison.Done < comparison.Total
            ? (now - comparison.CreatedAt) / comparison.Done * (comparison.Total - comparison.Done)
            : null;
}

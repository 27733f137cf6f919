using System.IO.Compression;
using System.Text.Json;
using Npgsql;
using RetrainLoop.ServiceDefaults.Blobs;

namespace RetrainLoop.Inference.Comparisons;

/// <summary>Joins what two models saw on the same frames.</summary>
sealed class ComparisonResults(NpgsqlDataSource database, BlobStore blobs)
{
    /// <summary>The frames of a comparison that succeeded, those with most differences first; empty before.</summary>
    /// <param name="confidence">Only boxes above it; null = the deployment's operating point.</param>
    public async Task<ComparisonDetail> ReadAsync(Comparison comparison, double? confidence, CancellationToken cancellationToken)
    {
        if (comparison is not { ModelResult: { } modelResult, ChampionResult: { } championResult }) return new ComparisonDetail(comparison.Info, []);
        var model = await SeenAsync(modelResult, cancellationToken);
        var champion = await SeenAsync(championResult, cancellationToken);
        var above = confidence ?? comparison.OperatingPoint;
        var erased = await ComparisonSql.ErasedAsync(database, [.. comparison.Frames.Select(frame => frame.Frame)], cancellationToken);
        List<ComparedFrame> frames = [.. comparison.Frames.Where(frame => !erased.Contains(frame.Frame)).Select(frame => Join(frame, model, champion, above))
            .OrderByDescending(frame => frame.OnlyModel + frame.OnlyChampion).ThenBy(frame => frame.CapturedAt)];
        return new ComparisonDetail(comparison.Info, frames);
    }

    /// <summary>The comparison with its sums, which are reckoned once it succeeded.</summary>
    public async Task<ComparisonInfo> CountedAsync(Comparison comparison, CancellationToken cancellationToken)
    {
        if (comparison.Info is not { State: DetectionJobState.Succeeded, Agreements: null } info) return comparison.Info;
        var frames = (await ReadAsync(comparison, null, cancellationToken)).Frames;
        var sum = new BoxAgreement(frames.Sum(frame => frame.Agreements), frames.Sum(frame => frame.OnlyModel), frames.Sum(frame => frame.OnlyChampion));
        await ComparisonSql.KeepCountsAsync(database, info.Id, sum, cancellationToken);
        return info with { Agreements = sum.Agreements, OnlyModel = sum.OnlyModel, OnlyChampion = sum.OnlyChampion };
    }

    static ComparedFrame Join(
        ComparisonFrame frame, Dictionary<string, ImageDetections> model, Dictionary<string, ImageDetections> champion, double above)
    {
        var (tried, known) = (model.GetValueOrDefault($"{frame.Frame}"), champion.GetValueOrDefault($"{frame.Frame}"));
        var (found, before) = (Above(tried), Above(known));
        var agreement = BoxAgreement.Of(found, before);
        return new ComparedFrame(
            frame.Frame, frame.Region, frame.Camera, frame.CapturedAt, frame.Image, tried?.Width ?? 0, tried?.Height ?? 0, found, before,
            agreement.Agreements, agreement.OnlyModel, agreement.OnlyChampion, tried?.Error ?? known?.Error);

        List<Detection> Above(ImageDetections? seen) => [.. (seen?.Detections ?? []).Where(detection => detection.Confidence > above)];
    }

    async Task<Dictionary<string, ImageDetections>> SeenAsync(ArtifactRef result, CancellationToken cancellationToken)
    {
        await using var file = await blobs.OpenReadAsync(result.Sha256, cancellationToken);
        if (file is null) return [];
        await using var gzip = new GZipStream(file, CompressionMode.Decompress);
        var artifact = await JsonSerializer.DeserializeAsync<DetectionsArtifact>(gzip, ContractJson.Options, cancellationToken);
        return artifact!.Images.ToDictionary(image => image.Key);
    }
}

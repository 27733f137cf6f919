namespace RetrainLoop.Inference.Deployments;

/// <summary>
/// The regions and cameras that telemetry of a deployment may name. What callers send is bounded here, so that invented names cannot blow it up.
/// </summary>
sealed class SeriesNames(int maxCameras)
{
    public const string Unknown = "unknown", Other = "other";
    public const int LongestName = 64;
    const int MaxUnlistedRegions = 50;
    readonly BoundedNames cameras = new(maxCameras), regions = new(MaxUnlistedRegions);

    /// <summary>A camera by its header; <c>unknown</c> without one, <c>other</c> once the deployment has its most cameras.</summary>
    public string Camera(string? header) => cameras.Of(header);

    /// <summary>A region of the catalogue; one that is not listed is <c>other</c>. Without a catalogue the first regions seen are taken.</summary>
    public string Region(string? header, IReadOnlyList<Region> catalogue)
    {
        if (catalogue.Count == 0) return regions.Of(header);
        if (string.IsNullOrWhiteSpace(header)) return Unknown;
        foreach (var region in catalogue)
            if (string.Equals(region.Name, header, StringComparison.OrdinalIgnoreCase)) return region.Name;
        return Other;
    }
}

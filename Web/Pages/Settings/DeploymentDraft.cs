using System.Globalization;

namespace RetrainLoop.Web.Pages.Settings;

/// <summary>What a deployment is, while a person edits it: as typed. What is not touched follows the deployment.</summary>
public sealed class DeploymentDraft
{
    DeploymentInfo opened;

    public DeploymentDraft(DeploymentInfo deployment)
    {
        opened = deployment;
        Take(deployment);
    }

    public string LatencyBudgetMs { get; set; } = "";
    public string Zone { get; set; } = "";
    public string OperatingPoint { get; set; } = "";
    public List<RegionDraft> Regions { get; private set; } = [];

    /// <summary>What it was when the person began.</summary>
    public DeploymentDraft Before => new(opened);

    public bool IsChanged => HasBudget || HasZone || HasPoint || HasRegions;

    bool HasBudget => LatencyBudgetMs.Trim() != TypedNumber.Text(opened.LatencyBudgetMs);
    bool HasZone => Zone.Trim() != opened.Zone;
    bool HasPoint => OperatingPoint.Trim() != TypedNumber.Text(opened.OperatingPoint);
    bool HasRegions => !Regions.Select(region => region.Texts).SequenceEqual(opened.Regions.Select(region => new RegionDraft(region).Texts));

    /// <summary>Shows the deployment as it is now, unless something was typed.</summary>
    public void Follow(DeploymentInfo now)
    {
        if (!IsChanged) Take(now);
    }

    /// <summary>Shows the deployment as it is now, whatever was typed.</summary>
    public void Take(DeploymentInfo now)
    {
        opened = now;
        (LatencyBudgetMs, Zone, OperatingPoint) = (TypedNumber.Text(now.LatencyBudgetMs), now.Zone, TypedNumber.Text(now.OperatingPoint));
        Regions = [.. now.Regions.Select(region => new RegionDraft(region))];
    }

    /// <summary>Why it cannot be sent yet, in a sentence, or null. What else is wrong, Inference says.</summary>
    public string? Missing()
    {
        if (TypedNumber.Parse(LatencyBudgetMs) is not > 0) return "The latency budget is a number of milliseconds above 0.";
        if (Zone.Trim().Length == 0) return "Give a time zone, for example Europe/Berlin or UTC.";
        if (TypedNumber.Parse(OperatingPoint) is not (> 0 and < 1)) return "The operating point is a confidence between 0 and 1, both excluded.";
        return Regions.Select((region, index) => region.Missing(index + 1)).FirstOrDefault(missing => missing is not null);
    }

    /// <summary>Only what was changed, so that what somebody else changed meanwhile stays.</summary>
    /// <param name="now">The deployment as it is; its champion goes on serving.</param>
    public DeploymentRequest ToRequest(DeploymentInfo now) => new(
        now.Champion.Name, now.Champion.Version,
        HasBudget ? TypedNumber.Parse(LatencyBudgetMs) : null, HasZone ? Zone.Trim() : null, HasPoint ? TypedNumber.Parse(OperatingPoint) : null,
        HasRegions ? RegionsOnto(now.Regions) : null);

    // As typed, unless the list is another one by now: then what was added, changed and removed, region by region.
    IReadOnlyList<Region> RegionsOnto(IReadOnlyList<Region> now)
    {
        IReadOnlyList<Region> typed = [.. Regions.Select(region => region.ToRegion())];
        if (now.SequenceEqual(opened.Regions)) return typed;
        var changed = typed.Except(opened.Regions).ToList();
        var removed = opened.Regions.Select(region => region.Name).Except(typed.Select(region => region.Name)).ToHashSet();
        return
        [
            .. now.Where(region => !removed.Contains(region.Name)).Select(region => changed.Find(one => one.Name == region.Name) ?? region),
            .. changed.Where(one => now.All(region => region.Name != one.Name || removed.Contains(region.Name))),
        ];
    }
}

/// <summary>A region as typed.</summary>
public sealed class RegionDraft
{
    public RegionDraft(string name) => Name = name;

    public RegionDraft(Region region) => (Name, DisplayName, Latitude, Longitude) =
        (region.Name, region.DisplayName, TypedNumber.Text(region.Latitude), TypedNumber.Text(region.Longitude));

    public string Name { get; set; }
    public string DisplayName { get; set; } = "";
    public string Latitude { get; set; } = "";
    public string Longitude { get; set; } = "";

    internal (string, string, string, string) Texts => (Name.Trim(), DisplayName.Trim(), Latitude.Trim(), Longitude.Trim());

    /// <param name="number">Its place in the list, from 1.</param>
    internal string? Missing(int number)
    {
        if (Name.Trim().Length == 0) return $"Region {number.ToString(CultureInfo.InvariantCulture)} needs a name: the one that cameras send in X-Region.";
        return TypedNumber.Parse(Latitude) is null || TypedNumber.Parse(Longitude) is null
            ? $"The region '{Name.Trim()}' needs a latitude and a longitude in degrees, for example 48.14 and 11.58." : null;
    }

    internal Region ToRegion() =>
        new(Name.Trim(), DisplayName.Trim() is { Length: > 0 } shown ? shown : Name.Trim(), TypedNumber.Parse(Latitude)!.Value, TypedNumber.Parse(Longitude)!.Value);
}

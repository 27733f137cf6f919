namespace RetrainLoop.Web.Charts;

/// <summary>What <c>wwwroot/charts/region-map.js</c> draws. Two specifications are equal when every region is.</summary>
public sealed record RegionMapSpec(IReadOnlyList<MapRegion> Regions)
{
    public bool Equals(RegionMapSpec? other) => other is not null && Regions.SequenceEqual(other.Regions);
    public override int GetHashCode() => Regions.Count;
}

/// <param name="Share">Of the requests of 24 hours, [0, 1].</param>
public sealed record MapRegion(string Name, double Longitude, double Latitude, double Share);

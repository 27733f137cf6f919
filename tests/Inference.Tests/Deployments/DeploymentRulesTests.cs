using RetrainLoop.Inference.Deployments;

namespace RetrainLoop.Tests.Inference.Deployments;

public sealed class DeploymentRulesTests
{
    static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    static readonly DeploymentInfo Current = Apply("line", null, new DeploymentRequest("a", 1, LatencyBudgetMs: 50)).Deployment!;

    [Fact]
    public void Apply_FirstRequest_SetsChampionAndDefaults()
    {
        Assert.Equal((new ModelRef("a", 1), 50.0, "UTC", 0.25), (Current.Champion, Current.LatencyBudgetMs, Current.Zone, Current.OperatingPoint));
        Assert.Null(Current.Candidate);
    }

    [Fact]
    public void Apply_OmittedMembers_KeepTheirValues()
    {
        var changed = Apply("line", Current, new DeploymentRequest("a", 1, Zone: "Europe/Berlin")).Deployment!;
        Assert.Equal((50.0, "Europe/Berlin"), (changed.LatencyBudgetMs, changed.Zone));
    }

    [Fact]
    public void Apply_AnotherModel_NeedsForceAndReason()
    {
        Assert.Equal(409, Apply("line", Current, new DeploymentRequest("a", 2)).Status);
        Assert.Equal(409, Apply("line", Current, new DeploymentRequest("a", 2, Force: true)).Status);
        var forced = Apply("line", Current, new DeploymentRequest("a", 2, Force: true, Reason: "hotfix")).Deployment!;
        Assert.Equal((new ModelRef("a", 2), new ModelRef("a", 1)), (forced.Champion, forced.Previous));
        var rolling = Current with { Candidate = new ModelRef("a", 3), ActiveRollout = Guid.NewGuid() };
        Assert.Contains("/abort", Apply("line", rolling, new DeploymentRequest("a", 2, Force: true, Reason: "hotfix")).Refusal);
    }

    [Theory]
    [InlineData("Line", null, null, null)]
    [InlineData("", null, null, null)]
    [InlineData("line", "Berlin", null, null)]
    [InlineData("line", "W. Europe Standard Time", null, null)]
    [InlineData("line", null, 1.0, null)]
    [InlineData("line", null, null, -1.0)]
    public void Apply_ImpossibleValue_IsRefusedWith400(string name, string? zone, double? operatingPoint, double? budget) =>
        Assert.Equal(400, Apply(name, null, new DeploymentRequest("a", 1, budget, zone, operatingPoint)).Status);

    [Fact]
    public void Apply_ImpossibleRegion_IsRefused()
    {
        Assert.Contains("Earth", Apply("line", null, new DeploymentRequest("a", 1, Regions: [new Region("x", "X", 91, 0)])).Refusal);
        Assert.Contains("twice", Apply("line", null, new DeploymentRequest("a", 1, Regions: [new Region("x", "X", 1, 0), new Region("x", "Y", 1, 0)]))
            .Refusal);
    }

    [Fact]
    public void Camera_MoreThanTheMost_IsOther()
    {
        var names = new SeriesNames(maxCameras: 2);
        Assert.Equal(["a", "b", "other", "a", "unknown"], new[] { "a", "b", "c", "a", null }.Select(names.Camera));
        Region[] catalogue = [new("north", "North", 1, 1)];
        Assert.Equal(["north", "other", "unknown"], new[] { "North", "south", null }.Select(region => names.Region(region, catalogue)));
    }

    static DeploymentDecision Apply(string name, DeploymentInfo? current, DeploymentRequest request) =>
        DeploymentRules.Apply(name, current, request, ["x"], 200, Now);
}

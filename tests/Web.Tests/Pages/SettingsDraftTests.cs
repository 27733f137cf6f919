using RetrainLoop.Web.Pages.Settings;

namespace RetrainLoop.Tests.Web.Pages;

public sealed class SettingsDraftTests
{
    static readonly DeploymentInfo Line = new(
        "line", new ModelRef("line", 1), null, null, 0, false, ["nut", "bolt"], 120, "Europe/Berlin", 0.25, [new("munich", "Munich", 48.14, 11.58)],
        new SamplingPolicy(), null, 7, DateTimeOffset.UnixEpoch);

    [Fact]
    public void ToRequest_UntouchedOrOneField_SendsOnlyWhatChanged()
    {
        var draft = new DeploymentDraft(Line);
        Assert.False(draft.IsChanged);
        Assert.Equal(new DeploymentRequest("line", 2), draft.ToRequest(Line with { Champion = new ModelRef("line", 2) }));
        draft.LatencyBudgetMs = " 80,5 ";
        Assert.True(draft.IsChanged);
        Assert.Equal(new DeploymentRequest("line", 1, LatencyBudgetMs: 80.5), draft.ToRequest(Line));
    }

    [Fact]
    public void ToRequest_Regions_AreSentWhole()
    {
        var draft = new DeploymentDraft(Line);
        draft.Regions.Add(new RegionDraft(" oslo ") { Latitude = "59,9", Longitude = "10.7" });
        Assert.Null(draft.Missing());
        Assert.Equal([Line.Regions[0], new Region("oslo", "oslo", 59.9, 10.7)], draft.ToRequest(Line).Regions!);
        draft.Regions.Clear();
        Assert.Empty(draft.ToRequest(Line).Regions!);
    }

    [Fact]
    public void ToRequest_RegionsChangedBySomebodyElseToo_KeepsBoth()
    {
        Region munich = Line.Regions[0], pune = new("pune", "Pune", 18.5, 73.9), oslo = new("oslo", "Oslo", 59.9, 10.7), lima = new("lima", "Lima", -12, -77);
        var draft = new DeploymentDraft(Line with { Regions = [munich, pune] });
        draft.Regions[0].DisplayName = "Munich North";
        draft.Regions.RemoveAt(1);
        draft.Regions.Add(new RegionDraft(oslo));
        var request = draft.ToRequest(Line with { Regions = [munich, pune, lima] });
        Assert.Equal([munich with { DisplayName = "Munich North" }, lima, oslo], request.Regions!);
    }

    [Fact]
    public void Missing_WhatCannotBeSent_IsNamed()
    {
        foreach (var (spoil, word) in new (Action<DeploymentDraft>, string)[]
                 {
                     (draft => draft.LatencyBudgetMs = "fast", "latency budget"), (draft => draft.LatencyBudgetMs = "0", "latency budget"), (draft => draft.Zone = " ", "time zone"),
                     (draft => draft.OperatingPoint = "1", "operating point"), (draft => draft.Regions[0].Name = "", "Region 1"), (draft => draft.Regions[0].Latitude = "north", "'munich'"),
                 })
        {
            var draft = new DeploymentDraft(Line);
            spoil(draft);
            Assert.Contains(word, draft.Missing());
        }
    }

    [Fact]
    public void Follow_UntouchedFormFollows_TypedOneStays()
    {
        var draft = new DeploymentDraft(Line);
        draft.Follow(Line with { Zone = "UTC" });
        Assert.Equal("UTC", draft.Zone);
        draft.LatencyBudgetMs = "1";
        draft.Follow(Line with { LatencyBudgetMs = 500 });
        Assert.Equal("1", draft.LatencyBudgetMs);
        draft.Take(Line);
        Assert.Equal(("120", false), (draft.LatencyBudgetMs, draft.IsChanged));
    }

    [Fact]
    public void ToPolicy_RaisedOrLoweredMeanwhile_ChangesOnlyWhatWasTyped()
    {
        var draft = new SamplingDraft(new SamplingPolicy(RandomPerCameraHour: 200, Caps: new SamplingCaps(20, 300, 2000)));
        Assert.False(draft.IsChanged);
        draft.LowMargin = "0.2";
        draft.PerDay = "77";
        draft.Toggle("nut", true);
        Assert.True(draft.IsChanged);
        var policy = draft.ToPolicy(new SamplingPolicy(BandHigh: 0.6)); // the pass went back, and somebody widened the band
        Assert.Equal(["nut"], policy.Classes!);
        Assert.Equal(new SamplingPolicy(BandHigh: 0.6, LowMargin: 0.2, Caps: new SamplingCaps(PerDay: 77)), policy with { Classes = null });
    }

    [Fact]
    public void ToPolicy_Untouched_LeavesCapsAndClassesAsTheyWere()
    {
        var policy = new SamplingPolicy(Classes: ["bolt", "nut"]);
        Assert.Equal(policy, new SamplingDraft(policy).ToPolicy(policy));
    }

    [Fact]
    public void ToPolicy_NumberOfMoreDigitsThanAreShown_StaysAsItIs()
    {
        var raised = new SamplingPolicy(RandomPerCameraHour: 0.07 * 10);
        var draft = new SamplingDraft(raised);
        Assert.NotEqual(raised.RandomPerCameraHour, double.Parse(draft.RandomPerCameraHour, System.Globalization.CultureInfo.InvariantCulture));
        draft.LowMargin = "0.2";
        Assert.Equal(raised with { LowMargin = 0.2 }, draft.ToPolicy(raised) with { Caps = raised.Caps });
    }

    [Fact]
    public void Missing_SamplingThatCannotBe_IsNamed()
    {
        foreach (var (spoil, word) in new (Action<SamplingDraft>, string)[]
                 {
                     (draft => draft.RandomPerCameraHour = "-1", "Random"), (draft => draft.EmbeddingsPerCameraHour = "", "Embeddings"), (draft => draft.BandLow = "x", "band"),
                     (draft => (draft.BandLow, draft.BandHigh) = ("0.6", "0.5"), "ends below"), (draft => draft.LowMargin = "?", "margin"), (draft => draft.PerHour = "1.5", "whole"),
                 })
        {
            var draft = new SamplingDraft(new SamplingPolicy());
            spoil(draft);
            Assert.Contains(word, draft.Missing());
        }
    }

    [Fact]
    public void Back_RaisedMembers_AreNamedWithBothValues()
    {
        var raised = new SamplingPolicy(RandomPerCameraHour: 200, Caps: new SamplingCaps(20, 30, 200));
        Assert.Equal("random frames 200 → 20, per minute 20 → 2", SamplingWords.Back(new SamplingPolicy(), raised));
        Assert.Null(SamplingWords.Back(new SamplingPolicy(), new SamplingPolicy()));
    }
}

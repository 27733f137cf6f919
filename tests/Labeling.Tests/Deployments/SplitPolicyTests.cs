using CsCheck;
using RetrainLoop.Labeling.Deployments;

namespace RetrainLoop.Tests.Labeling.Deployments;

public sealed class SplitPolicyTests
{
    static readonly Gen<DateTimeOffset> Times = Gen.Long[0, 4_000_000_000].Select(DateTimeOffset.FromUnixTimeSeconds);
    static readonly Gen<string> Cameras = Gen.Int[1, 1000].Select(number => $"cam-{number}");

    [Fact]
    public void SideOf_TwoFramesOfOneSlot_IsTheSame() =>
        Gen.Select(Cameras, Times, Gen.Double[0, 1], Gen.Double[0, 1], Gen.Double[1, 3600]).Sample((camera, time, share, part, seconds) =>
        {
            var start = DateTimeOffset.UnixEpoch.AddSeconds(Math.Floor((time - DateTimeOffset.UnixEpoch).TotalSeconds / seconds) * seconds + 0.001);
            var later = start.AddSeconds(part * (seconds - 0.01));
            Assert.Equal(SplitPolicy.SideOf(camera, start, seconds, share), SplitPolicy.SideOf(camera, later, seconds, share));
            Assert.Equal(SplitPolicy.SplitOf(camera, start, seconds, share), SplitPolicy.SplitOf(camera, later, seconds, share));
        });

    [Fact]
    public void SideOf_LargerShare_NeverMovesASlotBackToTraining() =>
        Gen.Select(Cameras, Times, Gen.Double[0, 1], Gen.Double[0, 1]).Sample((camera, time, a, b) =>
            Assert.True(SplitPolicy.SideOf(camera, time, 600, Math.Min(a, b)) <= SplitPolicy.SideOf(camera, time, 600, Math.Max(a, b))));

    [Fact]
    public void SideOf_OtherZoneOfTheSameInstant_IsTheSame() =>
        Gen.Select(Cameras, Times, Gen.Int[-12, 12]).Sample((camera, time, hours) =>
            Assert.Equal(SplitPolicy.SideOf(camera, time, 600, 0.5), SplitPolicy.SideOf(camera, time.ToOffset(TimeSpan.FromHours(hours)), 600, 0.5)));

    [Fact]
    public void SideOf_ManySlots_FollowTheShareAndTheSplitIsIndependent()
    {
        var slots = (from camera in Enumerable.Range(0, 20) from slot in Enumerable.Range(0, 500) select ($"cam-{camera}", DateTimeOffset.UnixEpoch.AddSeconds(slot * 600))).ToList();
        var evaluation = slots.Where(slot => SplitPolicy.SideOf(slot.Item1, slot.Item2, 600, 0.3) == FrameSide.Evaluation).ToList();
        Assert.InRange(evaluation.Count / 10000.0, 0.28, 0.32); // five standard deviations are 0.023
        Assert.InRange(evaluation.Count(slot => SplitPolicy.SplitOf(slot.Item1, slot.Item2, 600, 0.15) == DatasetSplit.Validation) / (double)evaluation.Count, 0.11, 0.19);
    }
}

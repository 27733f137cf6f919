namespace RetrainLoop.Web.Loop.Policies;

/// <summary>What two people, or a person and the loop, change of one sampling policy at the same time. Pure.</summary>
public static class SamplingChange
{
    /// <summary>
    /// The policy <paramref name="target"/> with those members in which <paramref name="to"/> differs from <paramref name="from"/>; each cap counts
    /// for itself.
    /// </summary>
    public static SamplingPolicy Onto(SamplingPolicy target, SamplingPolicy from, SamplingPolicy to) => new(
        Pick(target.RandomPerCameraHour, from.RandomPerCameraHour, to.RandomPerCameraHour),
        Pick(target.BandLow, from.BandLow, to.BandLow),
        Pick(target.BandHigh, from.BandHigh, to.BandHigh),
        Pick(target.KeepEmptyFrames, from.KeepEmptyFrames, to.KeepEmptyFrames),
        Caps(target.Caps, from.Caps ?? new SamplingCaps(), to.Caps ?? new SamplingCaps()),
        Pick(target.DriftScore, from.DriftScore, to.DriftScore),
        Pick(target.Classes, from.Classes, to.Classes),
        Pick(target.LowMargin, from.LowMargin, to.LowMargin),
        Pick(target.EmbeddingsPerCameraHour, from.EmbeddingsPerCameraHour, to.EmbeddingsPerCameraHour));

    /// <summary>Whether two policies sample the same frames.</summary>
    public static bool Same(SamplingPolicy a, SamplingPolicy b) =>
        ContractJson.Write(a with { Caps = a.Caps ?? new SamplingCaps() }) == ContractJson.Write(b with { Caps = b.Caps ?? new SamplingCaps() });

    static SamplingCaps? Caps(SamplingCaps? target, SamplingCaps from, SamplingCaps to)
    {
        if (from == to) return target;
        var caps = target ?? new SamplingCaps();
        return new SamplingCaps(
            Pick(caps.PerMinute, from.PerMinute, to.PerMinute), Pick(caps.PerHour, from.PerHour, to.PerHour), Pick(caps.PerDay, from.PerDay, to.PerDay));
    }

    // Lists and tables are the same when they say the same.
    static T Pick<T>(T target, T from, T to) => ContractJson.Write(from) == ContractJson.Write(to) ? target : to;
}

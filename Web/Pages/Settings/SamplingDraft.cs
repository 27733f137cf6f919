using RetrainLoop.Web.Loop.Policies;

namespace RetrainLoop.Web.Pages.Settings;

/// <summary>A sampling policy while a person edits it: as typed. What is not touched follows the deployment.</summary>
public sealed class SamplingDraft
{
    SamplingPolicy opened;

    public SamplingDraft(SamplingPolicy policy)
    {
        opened = policy;
        Take(policy);
    }

    public string RandomPerCameraHour { get; set; } = "";
    public string EmbeddingsPerCameraHour { get; set; } = "";
    public string BandLow { get; set; } = "";
    public string BandHigh { get; set; } = "";
    public string LowMargin { get; set; } = "";
    public bool KeepEmptyFrames { get; set; }
    public string PerMinute { get; set; } = "";
    public string PerHour { get; set; } = "";
    public string PerDay { get; set; } = "";
    public HashSet<string> Classes { get; } = [];

    /// <summary>What it was when the person began.</summary>
    public SamplingDraft Before => new(opened);

    public bool IsChanged => Before is var before && (!Texts.SequenceEqual(before.Texts) || KeepEmptyFrames != before.KeepEmptyFrames || !Classes.SetEquals(before.Classes));

    /// <summary>Shows the policy as it is now, unless something was typed.</summary>
    public void Follow(SamplingPolicy now)
    {
        if (!IsChanged) Take(now);
    }

    /// <summary>Shows the policy as it is now, whatever was typed.</summary>
    public void Take(SamplingPolicy now)
    {
        opened = now;
        var caps = now.Caps ?? new SamplingCaps();
        (RandomPerCameraHour, EmbeddingsPerCameraHour) = (TypedNumber.Text(now.RandomPerCameraHour), TypedNumber.Text(now.EmbeddingsPerCameraHour));
        (BandLow, BandHigh, LowMargin, KeepEmptyFrames) = (TypedNumber.Text(now.BandLow), TypedNumber.Text(now.BandHigh), TypedNumber.Text(now.LowMargin), now.KeepEmptyFrames);
        (PerMinute, PerHour, PerDay) = (TypedNumber.Text(caps.PerMinute), TypedNumber.Text(caps.PerHour), TypedNumber.Text(caps.PerDay));
        Classes.Clear();
        Classes.UnionWith(now.Classes ?? []);
    }

    public void Toggle(string name, bool on)
    {
        if (on) Classes.Add(name);
        else Classes.Remove(name);
    }

    /// <summary>Why it cannot be sent yet, in a sentence, or null. What else is wrong, Inference says.</summary>
    public string? Missing()
    {
        if (TypedNumber.Parse(RandomPerCameraHour) is not >= 0) return "Random frames per camera and hour: a number from 0 on.";
        if (TypedNumber.Parse(EmbeddingsPerCameraHour) is not >= 0) return "Embeddings per camera and hour: a number from 0 on.";
        if (TypedNumber.Parse(BandLow) is not { } low || TypedNumber.Parse(BandHigh) is not { } high) return "The ends of the confidence band are numbers between 0 and 1.";
        if (low > high) return "The confidence band ends below its beginning.";
        if (TypedNumber.Parse(LowMargin) is null) return "The low margin is a number between 0 and 1; 0 switches it off.";
        return new[] { PerMinute, PerHour, PerDay }.All(cap => TypedNumber.ParseWhole(cap) is >= 0) ? null : "The caps are whole numbers from 0 on.";
    }

    /// <summary>The policy with what was changed, on top of <paramref name="now"/>: what the loop or somebody else changed meanwhile stays.</summary>
    public SamplingPolicy ToPolicy(SamplingPolicy now) => SamplingChange.Onto(now, opened, opened with
    {
        RandomPerCameraHour = Number(RandomPerCameraHour, opened.RandomPerCameraHour),
        EmbeddingsPerCameraHour = Number(EmbeddingsPerCameraHour, opened.EmbeddingsPerCameraHour), BandLow = Number(BandLow, opened.BandLow),
        BandHigh = Number(BandHigh, opened.BandHigh), LowMargin = Number(LowMargin, opened.LowMargin), KeepEmptyFrames = KeepEmptyFrames,
        Caps = new SamplingCaps(TypedNumber.ParseWhole(PerMinute)!.Value, TypedNumber.ParseWhole(PerHour)!.Value, TypedNumber.ParseWhole(PerDay)!.Value),
        Classes = Classes.SetEquals(opened.Classes ?? []) ? opened.Classes : Classes.Count == 0 ? null : [.. Classes.Order(StringComparer.Ordinal)],
    });

    IEnumerable<string> Texts =>
        new[] { RandomPerCameraHour, EmbeddingsPerCameraHour, BandLow, BandHigh, LowMargin, PerMinute, PerHour, PerDay }.Select(text => text.Trim());

    // A text shows ten digits: one that was not touched stands for the number that it was made of.
    static double Number(string text, double opened) => text.Trim() == TypedNumber.Text(opened) ? opened : TypedNumber.Parse(text)!.Value;
}

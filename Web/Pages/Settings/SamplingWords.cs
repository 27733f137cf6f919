namespace RetrainLoop.Web.Pages.Settings;

/// <summary>What a pass of the loop raised, in words. Pure.</summary>
static class SamplingWords
{
    /// <summary>What goes back to which value when the pass has its frames; null when the deployment samples as before already.</summary>
    public static string? Back(SamplingPolicy before, SamplingPolicy now)
    {
        SamplingCaps to = before.Caps ?? new SamplingCaps(), from = now.Caps ?? new SamplingCaps();
        string?[] parts =
        [
            Part("random frames", before.RandomPerCameraHour, now.RandomPerCameraHour),
            Part("embeddings", before.EmbeddingsPerCameraHour, now.EmbeddingsPerCameraHour),
            Part("band from", before.BandLow, now.BandLow), Part("band to", before.BandHigh, now.BandHigh), Part("low margin", before.LowMargin, now.LowMargin),
            Part("per minute", to.PerMinute, from.PerMinute), Part("per hour", to.PerHour, from.PerHour), Part("per day", to.PerDay, from.PerDay),
        ];
        return string.Join(", ", parts.OfType<string>()) is { Length: > 0 } text ? text : null;
    }

    static string? Part(string name, double before, double now) => before == now ? null : $"{name} {TypedNumber.Text(now)} → {TypedNumber.Text(before)}";
}

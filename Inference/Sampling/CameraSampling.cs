namespace RetrainLoop.Inference.Sampling;

/// <summary>
/// Decides for one camera which frames are kept. Random frames: each frame with the chance k / (frames per hour), whatever it shows, so that frames
/// of an hour are equally likely as far as the camera's rate is steady. Frames for embeddings alone: likewise, but at most half of those that are left,
/// so that a slow camera has frames for the rules too. Rule frames: as far as the caps of the running minute, hour and day (UTC) allow; the counts of a
/// window begin anew with the process.
/// </summary>
sealed class CameraSampling(Random random)
{
    readonly Lock gate = new();
    FrameRate rate;
    CapWindow minute = new(TimeSpan.FromMinutes(1)), hour = new(TimeSpan.FromHours(1)), day = new(TimeSpan.FromDays(1));

    /// <param name="rule">The rule that the frame fulfils, if any. A random frame counts as random even when it fulfils one.</param>
    /// <param name="replicas">Replicas that share the camera's frames, and so its quota.</param>
    /// <param name="embedded">Whether the frame has an embedding; one without is not drawn for it.</param>
    public SampleReason? Decide(SamplingPolicy policy, SampleReason? rule, int replicas, bool embedded, DateTimeOffset now)
    {
        lock (gate)
        {
            var frames = rate.Count(now) * replicas; // per hour
            var drawn = random.NextDouble() * frames;
            if (drawn < policy.RandomPerCameraHour) return SampleReason.Random;
            // Whatever rule it fulfils: a sample without the frames of rules would be none of all frames.
            var embeddings = embedded ? Math.Min(policy.EmbeddingsPerCameraHour, Math.Max(0, frames - policy.RandomPerCameraHour) / 2) : 0;
            if (drawn < policy.RandomPerCameraHour + embeddings) return SampleReason.EmbeddingOnly;
            return rule is not null && TakesRule(policy.Caps ?? new SamplingCaps(), replicas, now) ? rule : null;
        }
    }

    bool TakesRule(SamplingCaps caps, int replicas, DateTimeOffset now)
    {
        if (!minute.HasRoom(Share(caps.PerMinute), now) || !hour.HasRoom(Share(caps.PerHour), now) || !day.HasRoom(Share(caps.PerDay), now))
            return false;
        minute.Take();
        hour.Take();
        day.Take();
        return true;

        int Share(int cap) => (cap + replicas - 1) / replicas;
    }

    struct CapWindow(TimeSpan length)
    {
        long window = -1;
        int taken;

        public bool HasRoom(int cap, DateTimeOffset now)
        {
            var running = now.UtcTicks / length.Ticks;
            if (running != window) (window, taken) = (running, 0);
            return taken < cap;
        }

        public void Take() => taken++;
    }
}

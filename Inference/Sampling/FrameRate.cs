namespace RetrainLoop.Inference.Sampling;

/// <summary>
/// How many frames a camera sends, over a sliding window of ten minutes. Mutable value: keep it in one place.
/// A camera that is new is taken to send one frame a second, one that comes back after the window one a minute, until its own frames say otherwise.
/// </summary>
struct FrameRate
{
    static readonly TimeSpan Window = TimeSpan.FromMinutes(10), New = TimeSpan.FromSeconds(1), Back = TimeSpan.FromMinutes(1);
    DateTimeOffset firstSeen, lastSeen, windowStart;
    TimeSpan lead;
    long previous, current;

    /// <summary>Counts a frame and tells the rate with it, in frames per hour.</summary>
    public double Count(DateTimeOffset now)
    {
        if (lastSeen == default || now - lastSeen > Window) Restart(now, lastSeen == default ? New : Back);
        else if (now - windowStart >= Window)
        {
            previous = now - windowStart < 2 * Window ? current : 0;
            current = 0;
            windowStart += Window * Math.Floor((now - windowStart) / Window);
        }
        lastSeen = now;
        current++;
        var whole = windowStart - firstSeen >= Window;
        return whole
            ? (previous * (1 - (now - windowStart) / Window) + current) / Window.TotalHours
            : (previous + current) / (now - firstSeen + lead).TotalHours;
    }

    void Restart(DateTimeOffset now, TimeSpan unknown)
    {
        firstSeen = windowStart = now;
        lead = unknown;
        previous = current = 0;
    }
}

namespace RetrainLoop.Monitor.Alerts.Notifications;

/// <summary>When a failed delivery is tried again. Pure.</summary>
static class RetryPause
{
    /// <summary>Each pause is twice the one before, up to a limit; null when it has been tried for long enough.</summary>
    public static DateTimeOffset? Next(Delivery delivery, DateTimeOffset now, NotificationOptions options)
    {
        var pause = options.FirstPause * Math.Pow(2, Math.Min(delivery.Attempts, 20));
        var next = now + (pause < options.LongestPause ? pause : options.LongestPause);
        return next - delivery.CreatedAt > options.GiveUpAfter ? null : next;
    }
}

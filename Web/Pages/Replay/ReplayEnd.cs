namespace RetrainLoop.Web.Pages.Replay;

/// <summary>What is said of an archive's upload that brought no answer. Pure.</summary>
public static class ReplayEnd
{
    /// <param name="cancelled">The person stopped it.</param>
    /// <param name="whole">All bytes had been sent, so that the replay may have begun.</param>
    public static string Of(bool cancelled, bool whole) => (cancelled, whole) switch
    {
        (true, false) => "Stopped on the way. Nothing was kept.",
        (false, false) => "The connection broke off on the way. Upload it again; what was sent is gone.",
        (true, true) => "Stopped after the whole archive was sent: if it is in the list of replays all the same, stop it there.",
        (false, true) => "No answer came after the whole archive was sent. Look in the list of replays whether it is there before you upload it again.",
    };
}

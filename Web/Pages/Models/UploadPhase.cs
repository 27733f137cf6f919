namespace RetrainLoop.Web.Pages.Models;

/// <summary>
/// Where an upload stands. Checking = all bytes are sent, and Inference reads the model and warms it up. Cancelled and CutOff = it ended before all bytes were sent.
/// Unsure = all bytes were sent and no answer came, so that the model may be registered. Known = the registry had these bytes already.
/// </summary>
public enum UploadPhase { Idle, Sending, Checking, Incomplete, Refused, Cancelled, CutOff, Unsure, Registered, Known }

/// <summary>How uploads end. Pure.</summary>
public static class UploadEnd
{
    /// <param name="status">HTTP status; 0 = no answer.</param>
    /// <param name="cancelled">The person ended it.</param>
    /// <param name="whole">All bytes had left the browser.</param>
    public static UploadPhase Of(int status, bool cancelled, bool whole) => status switch
    {
        201 => UploadPhase.Registered,
        200 => UploadPhase.Known,
        >= 400 and < 500 => UploadPhase.Refused,
        _ when !whole => cancelled ? UploadPhase.Cancelled : UploadPhase.CutOff,
        _ => UploadPhase.Unsure,
    };
}

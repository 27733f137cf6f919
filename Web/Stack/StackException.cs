using System.Net;

namespace RetrainLoop.Web.Stack;

/// <summary>A service of the stack did not do what it was asked. The message is a sentence that a page can show.</summary>
/// <param name="service">Name of the service.</param>
/// <param name="status">What it answered; null when it did not answer.</param>
/// <param name="detail">The problem's detail, or why there was no answer.</param>
public sealed class StackException(string service, HttpStatusCode? status, string detail, Exception? inner = null)
    : HttpRequestException(Sentence(service, status, detail), inner, status)
{
    public string Service => service;
    public string Detail => detail;

    /// <summary>Trying again later may help without anybody changing anything: it is away, busy, broken, or does not know the keys yet.</summary>
    public bool IsAway => Away(StatusCode);

    static bool Away(HttpStatusCode? status) => status is null or >= HttpStatusCode.InternalServerError
        or HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests;

    static string Sentence(string service, HttpStatusCode? status, string detail) => status switch
    {
        null => $"{service} does not answer: {detail}",
        _ when Away(status) => $"{service} cannot answer now ({(int)status}): {detail}",
        _ => $"{service} refused ({(int)status}): {detail}",
    };
}

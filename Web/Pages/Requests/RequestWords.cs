using Microsoft.AspNetCore.WebUtilities;
using RetrainLoop.Web.Pages.Deployments;
using RetrainLoop.Web.Pages.Label;

namespace RetrainLoop.Web.Pages.Requests;

/// <summary>What became of a remembered request, in words.</summary>
static class RequestWords
{
    const string Sampled = "Sampled: "; // what Inference writes before the reason that a frame was kept for

    public static string Of(RequestOutcome outcome) =>
        outcome == RequestOutcome.Ok ? "Sampled" : MetricWords.ErrorKind(char.ToLowerInvariant($"{outcome}"[0]) + $"{outcome}"[1..]);

    /// <summary>Bad input is the caller's, the rest is the service's.</summary>
    public static string Look(RequestOutcome outcome) => outcome switch
    {
        RequestOutcome.Ok => "state-good",
        RequestOutcome.BadInput => "state-warn",
        _ => "state-bad",
    };

    /// <summary>The sentence that the caller got, or why the frame was kept.</summary>
    public static string Reason(string reason) =>
        reason.StartsWith(Sampled, StringComparison.Ordinal) && Enum.TryParse<SampleReason>(reason[Sampled.Length..].TrimEnd('.'), out var kept)
            ? $"Frame kept: {SampleWords.Of(kept)}"
            : reason;

    /// <summary>For example <c>415 Unsupported Media Type</c>.</summary>
    public static string Status(int status) => $"{status} {ReasonPhrases.GetReasonPhrase(status)}".TrimEnd();

    /// <summary>The first image's name, and how many there are besides; null when none came with a name.</summary>
    public static string? File(IReadOnlyList<RequestImage> images) => images.FirstOrDefault(image => image.File is { Length: > 0 })?.File is not { } name
        ? null
        : images.Count > 1 ? $"{name} and {images.Count - 1} more" : name;

    /// <summary>What can be chosen, what failed first.</summary>
    public static IReadOnlyList<(string Value, string Text)> Outcomes { get; } =
        [.. Enum.GetValues<RequestOutcome>().OrderBy(outcome => outcome == RequestOutcome.Ok).Select(outcome => ($"{outcome}", Of(outcome)))];

    /// <summary>Null = all, or no such outcome.</summary>
    public static RequestOutcome? Parse(string? outcome) =>
        Enum.TryParse<RequestOutcome>(outcome, true, out var known) && Enum.IsDefined(known) ? known : null;
}

using System.Globalization;
using RetrainLoop.Inference.Deployments;
using RetrainLoop.Inference.Sampling;
using RetrainLoop.ServiceDefaults.Security;

namespace RetrainLoop.Inference.Predict;

/// <summary>What a request asks of every image in it.</summary>
/// <param name="Classes">Only classes of these names, whatever number the model that answers gives them; null = all.</param>
/// <param name="Received">Timestamp of the received body, from which latency counts.</param>
/// <param name="ImageSize">Wanted side of the network's input; null = the model's own.</param>
/// <param name="Upload">How long the body took to arrive.</param>
/// <param name="IsTrial">A person tries the model: the frame is neither counted nor kept.</param>
/// <param name="RoutingKey">The caller's frame id, else the request id: decides which model answers.</param>
sealed record PredictCall(string RequestId, float Confidence, float IoU, IReadOnlySet<string>? Classes, int? ImageSize, long Received,
    string RoutingKey, FrameSource Source, bool IsTrial = false, TimeSpan Upload = default)
{
    public const double DefaultConfidence = 0.25, DefaultIoU = 0.7;
    const int LongestFrameId = 200, LargestImageSize = 4096;

    /// <exception cref="BadHttpRequestException">A value is not what it should be.</exception>
    public static PredictCall Of(HttpRequest request, PredictParameters parameters, ServingDeployment deployment, TimeProvider time)
    {
        if (!(parameters.Conf is >= 0 and <= 1)) throw new BadHttpRequestException("'conf' is a confidence in [0, 1].");
        if (!(parameters.Iou is >= 0 and <= 1)) throw new BadHttpRequestException("'iou' is a share in [0, 1].");
        if (parameters.Imgsz is < 1 or > LargestImageSize)
            throw new BadHttpRequestException($"'imgsz' is a number of pixels from 1 to {LargestImageSize}.");
        var now = time.GetUtcNow();
        var requestId = Guid.CreateVersion7(now).ToString("N");
        var frameId = Header(request, "X-Frame-Id") ?? requestId;
        if (frameId.Length > LongestFrameId) throw new BadHttpRequestException($"X-Frame-Id has at most {LongestFrameId} characters.");
        var isTrial = IsTrialOf(request);
        var source = new FrameSource(
            frameId, deployment.Names.Region(Header(request, "X-Region"), deployment.Info.Regions),
            deployment.Names.Camera(isTrial ? null : Header(request, "X-Camera")),
            CapturedAt(Header(request, "X-Captured-At"), now));
        return new PredictCall(requestId, (float)parameters.Conf, (float)parameters.Iou, NamesOf(parameters.Classes, deployment), parameters.Imgsz,
            time.GetTimestamp(), frameId, source, isTrial);
    }

    /// <summary>The wanted classes as a model numbers them; null = all.</summary>
    public IReadOnlySet<int>? ClassesOf(IReadOnlyList<string> names) =>
        Classes is null ? null : Enumerable.Range(0, names.Count).Where(index => Classes.Contains(names[index])).ToHashSet();

    // Indices are those of the champion; a name may also be one that only the candidate knows.
    static IReadOnlySet<string>? NamesOf(string? classes, ServingDeployment deployment)
    {
        if (string.IsNullOrWhiteSpace(classes)) return null;
        var names = deployment.Info.ClassNames;
        var known = names.Concat(deployment.Candidate?.Info.ClassNames ?? []).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var wanted = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var text in classes.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var name = !int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? text
                : index < names.Count ? names[index] : null;
            if (name is null || !known.Contains(name))
                throw new BadHttpRequestException(
                    $"'classes' names '{text}', which {deployment.Info.Name} does not know; "
                    + $"give indices from 0 to {names.Count - 1} or class names.");
            wanted.Add(name);
        }
        return wanted;
    }

    static DateTimeOffset CapturedAt(string? text, DateTimeOffset now) =>
        text is null ? now
        : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at.ToUniversalTime()
        : throw new BadHttpRequestException($"X-Captured-At is '{text}'; it is an ISO 8601 time such as 2026-01-31T12:00:00Z.");

    // Only pages of this stack may say so: a camera that did would be invisible.
    static bool IsTrialOf(HttpRequest request) =>
        Header(request, "X-Trial") == "true" && request.HttpContext.User.HasClaim(claim => claim.Type == Access.StackClaim);

    static string? Header(HttpRequest request, string name) => request.Headers[name].ToString() is { Length: > 0 } value ? value : null;
}

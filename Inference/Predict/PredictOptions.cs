using System.ComponentModel.DataAnnotations;
using System.Net;

namespace RetrainLoop.Inference.Predict;

/// <summary>Section <c>Predict</c>.</summary>
public sealed class PredictOptions : IValidatableObject
{
    const int DefaultInFlight = 512;

    /// <summary>Files in one multipart request.</summary>
    [Range(1, 1000)] public int MaxFiles { get; set; } = 32;

    /// <summary>All files of a request together.</summary>
    [Range(1, 2000)] public int MaxRequestMegabytes { get; set; } = 256;

    /// <summary>
    /// Memory that the images of all requests may take together, from the first byte until the last one who needs them lets go; more is answered 429.
    /// At least twice a request, because memory grows by doubling. Default: 512, or twice <see cref="MaxRequestMegabytes"/> where that is more.
    /// </summary>
    [Range(2, 1_000_000)] public int? MaxMegabytesInFlight { get; set; }

    /// <summary>How many times as large as a model's own size the <c>imgsz</c> of a caller may be: memory and time grow with its square.</summary>
    [Range(1.0, 128.0)] public double MaxImageSizeFactor { get; set; } = 2;

    /// <summary>Copies of frames that may wait for a shadow candidate; further frames are not shadowed.</summary>
    [Range(1, 1000)] public int ShadowBacklog { get; set; } = 8;

    /// <summary>Lets callers send <c>{"url": "https://..."}</c> instead of an image.</summary>
    public bool AllowUrls { get; set; }

    /// <summary>Networks that URLs may lead to although they are not public, for example <c>10.1.2.0/24</c> of the cameras.</summary>
    public IList<string> UrlNetworks { get; } = [];

    /// <summary>How long a URL may take to send its image.</summary>
    [Range(0.1, 300)] public double UrlTimeoutSeconds { get; set; } = 10;

    /// <summary>Where callers reach this service, for ready programs; default: as the one who asks for them reached it.</summary>
    [Url] public string? PublicUrl { get; set; }

    public long MaxRequestBytes => MaxRequestMegabytes * 1_000_000L;

    public long MaxBytesInFlight => (MaxMegabytesInFlight ?? Math.Max(DefaultInFlight, 2 * MaxRequestMegabytes)) * 1_000_000L;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (MaxMegabytesInFlight < 2 * MaxRequestMegabytes)
            yield return new ValidationResult(
                $"Predict:MaxMegabytesInFlight is {MaxMegabytesInFlight}; it is at least twice Predict:MaxRequestMegabytes, {2 * MaxRequestMegabytes}.");
        foreach (var network in UrlNetworks)
            if (!IPNetwork.TryParse(network, out _))
                yield return new ValidationResult($"Predict:UrlNetworks: '{network}' is no network such as 10.1.2.0/24.");
    }
}

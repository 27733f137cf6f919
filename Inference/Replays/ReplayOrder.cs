using System.Globalization;
using System.Text.Json;

namespace RetrainLoop.Inference.Replays;

/// <summary>A replay that cannot be made as it was ordered. The message is a sentence for the caller.</summary>
sealed class ReplayOrderException(string message) : Exception(message);

/// <summary>An order with the key of another replay. The message is a sentence for the caller.</summary>
sealed class ReplayKeyTakenException(string message) : Exception(message);

/// <summary>What a caller may choose of a replay.</summary>
/// <param name="Model">Null = the champion.</param>
sealed record ReplayOrder(string? Name, ModelRef? Model, double? BaselineDays, string? Key)
{
    const int LongestText = 200;

    /// <summary>Why the order cannot be, or null.</summary>
    public string? Wrong =>
        Name?.Length > LongestText || Key?.Length > LongestText ? $"'name' and 'key' have at most {LongestText} characters."
        : BaselineDays is <= 0 or > 3650 or double.NaN ? "'baselineDays' is a positive number of days."
        : null;

    /// <param name="text"><c>NAME:VERSION</c>, or null.</param>
    public static bool TryParseModel(string? text, out ModelRef? model)
    {
        model = null;
        if (string.IsNullOrEmpty(text)) return true;
        var colon = text.LastIndexOf(':');
        if (colon <= 0 || !int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var version)) return false;
        model = new ModelRef(text[..colon], version);
        return true;
    }

    /// <exception cref="ReplayOrderException">The body is not what it should be.</exception>
    public static async Task<ReplayRequest> ReadFolderAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return await request.ReadFromJsonAsync<ReplayRequest>(cancellationToken) is { Folder: { Length: > 0 } } order ? order
                : throw new ReplayOrderException("The body names a 'folder' below the one that Inference:Replays:Folder allows.");
        }
        catch (JsonException exception)
        {
            throw new ReplayOrderException($"The body is JSON like {{\"folder\": \"october\"}}: {exception.Message}");
        }
    }
}

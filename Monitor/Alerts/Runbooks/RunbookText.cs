using System.Globalization;

namespace RetrainLoop.Monitor.Alerts.Runbooks;

/// <summary>Fills the placeholders of a page: <c>{deployment}</c>, <c>{from}</c>, <c>{to}</c>. Pure.</summary>
public static class RunbookText
{
    /// <summary>Everything is escaped for an address, since the placeholders stand in links.</summary>
    public static string Fill(string markdown, string deployment, DateTimeOffset from, DateTimeOffset to) => markdown
        .Replace("{deployment}", Uri.EscapeDataString(deployment), StringComparison.Ordinal)
        .Replace("{from}", Uri.EscapeDataString(Iso(from)), StringComparison.Ordinal)
        .Replace("{to}", Uri.EscapeDataString(Iso(to)), StringComparison.Ordinal);

    /// <summary>The first heading, else the name.</summary>
    public static string TitleOf(string name, string markdown) =>
        markdown.Split('\n').FirstOrDefault(line => line.StartsWith("# ", StringComparison.Ordinal))?[2..].Trim() ?? name;

    static string Iso(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}

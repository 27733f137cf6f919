using RetrainLoop.Web.Pages.Deployments;

namespace RetrainLoop.Web.Pages.Alerts;

/// <summary>Where a runbook is shown; with a deployment and a time its links lead there. Pure.</summary>
static class RunbookAddress
{
    public static string Of(string name, string? deployment = null, DateTimeOffset? from = null, DateTimeOffset? to = null)
    {
        var parts = new[] { ("deployment", deployment), ("from", MetricsView.Text(from)), ("to", MetricsView.Text(to)) }
            .Where(part => !string.IsNullOrEmpty(part.Item2)).Select(part => $"{part.Item1}={Uri.EscapeDataString(part.Item2!)}").ToList();
        return $"/alerts/runbooks/{Uri.EscapeDataString(name)}" + (parts.Count == 0 ? "" : "?" + string.Join('&', parts));
    }
}

using System.Reflection;
using Microsoft.AspNetCore.Components;
using RetrainLoop.Web.Layout;

namespace RetrainLoop.Web.Pages.Deployments;

/// <summary>The tabs of a deployment, in the order in which a person asks. Each is a page whose route starts with <c>/deployments/{Name}</c>.</summary>
static class DeploymentTabs
{
    static readonly (string Slug, string Title)[] All =
    [
        ("", "Metrics"), ("drift", "Drift"), ("holdout", "Holdout"), ("diagnosis", "Diagnosis"), ("frames", "Frames"), ("requests", "Requests"),
        ("predict", "Predict"), ("compare", "Compare models"), ("replay", "Replay"), ("rollouts", "Rollouts"), ("settings", "Settings"),
    ];

    // A tab without a page would lead nowhere.
    static readonly (string Slug, string Title)[] Shown =
        [.. All.Where(tab => Routes().Contains($"/deployments/{{Name}}/{tab.Slug}".TrimEnd('/'), StringComparer.OrdinalIgnoreCase))];

    public static IReadOnlyList<TabLink> Of(string deployment) =>
        [.. Shown.Select(tab => new TabLink(tab.Title, Address(deployment, tab.Slug), Prefix: tab.Slug.Length > 0))];

    /// <summary>The address of a tab's page; the empty slug is the metrics tab.</summary>
    public static string Address(string deployment, string slug = "") => $"/deployments/{Uri.EscapeDataString(deployment)}/{slug}".TrimEnd('/');

    static HashSet<string> Routes() =>
        [.. typeof(DeploymentTabs).Assembly.GetTypes().SelectMany(type => type.GetCustomAttributes<RouteAttribute>()).Select(route => route.Template)];
}

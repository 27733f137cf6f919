using Microsoft.AspNetCore.WebUtilities;
using RetrainLoop.Web.Pages.Deployments;

namespace RetrainLoop.Web.Pages.Diagnoses;

/// <summary>Where the drift page shows one camera or class.</summary>
static class DriftAddress
{
    public static string Of(string deployment, DriftCarrier carrier, Guid? report) =>
        Of(deployment, carrier.Dimension == "class" ? "class" : "camera", carrier.Name, report);

    public static string Of(string deployment, string dimension, string name, Guid? report) => QueryHelpers.AddQueryString(
        DeploymentTabs.Address(deployment, "drift"),
        new Dictionary<string, string?> { [dimension] = name, ["report"] = report?.ToString(), ["frames"] = "true" }.Where(part => !string.IsNullOrEmpty(part.Value)));
}

namespace RetrainLoop.Tests.Web.Pages.Models;

/// <summary>Deployments and models of which only a few facts matter.</summary>
static class Deployments
{
    public static DeploymentInfo Of(string name, ModelRef champion, string[]? classes = null, ModelRef? candidate = null, ModelRef? previous = null) => new(
        name, champion, candidate, previous, 0, false, classes ?? ["a"], 100, "UTC", 0.25, [], new SamplingPolicy(), null, 1, DateTimeOffset.UnixEpoch);

    public static ModelVersionInfo Model(string name, int version, params string[] classes) => new(
        name, version, "s", DetectorHead.Yolov8, 640, classes, 32, new ArtifactRef("http://inference/v1/blobs/a", "a", 1), null, false, new ModelLineage(),
        new Dictionary<string, double>(), 1, DateTimeOffset.UnixEpoch);
}

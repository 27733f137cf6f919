using RetrainLoop.Monitor.Evaluations;

namespace RetrainLoop.Tests.Monitor.Api;

/// <summary>A small labelled set with the detections of a perfect model and of one that misses every other object.</summary>
static class HoldoutSet
{
    public static (CocoGroundTruth Truth, DetectionsArtifact Good, DetectionsArtifact Poor) Make(int images)
    {
        var truth = new CocoGroundTruth
        {
            Images = [.. Enumerable.Range(1, images).Select(id => new CocoImage { Id = id, FileName = Key(id) })],
            Categories = [new CocoCategory { Id = 3, Name = "Nut" }],
            Annotations = [.. Enumerable.Range(0, 2 * images).Select(i => new CocoAnnotation
            {
                Id = i + 1, ImageId = i / 2 + 1, CategoryId = 3, Bbox = new CocoBox(i % 2 * 100, 20, 40, 40),
            })],
        };
        return (truth, Artifact(images, perImage: 2), Artifact(images, perImage: 1));
    }

    static DetectionsArtifact Artifact(int images, int perImage) => new(Batches.Model, ["nut"], [.. Enumerable.Range(1, images).Select(id =>
        new ImageDetections(Key(id), 640, 480, [.. Enumerable.Range(0, perImage).Select(i => new Detection(0, "nut", 0.9f - 0.1f * i, i * 100, 20, 40, 40))]))]);

    static string Key(int id) => $"images/{id:000}.jpg";
}

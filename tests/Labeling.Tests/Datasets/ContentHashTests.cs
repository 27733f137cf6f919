using CsCheck;
using RetrainLoop.Labeling.Datasets;
using RetrainLoop.Labeling.Datasets.Export;
using RetrainLoop.Labeling.Datasets.Import;
using RetrainLoop.Labeling.Deployments;

namespace RetrainLoop.Tests.Labeling.Datasets;

public sealed class ContentHashTests
{
    static readonly Gen<DatasetLabel> Labels = Gen.Select(Gen.Int[0, 3], Gen.Double[0, 500], Gen.Double[0, 400], Gen.Double[1, 100], Gen.Double[1, 80], Gen.Bool)
        .Select((number, x, y, width, height, crowd) => new DatasetLabel(number, x, y, width, height, crowd));

    static readonly Gen<DatasetImage> Images = Gen.Select(Gen.Int[0, 1000], Gen.Bool, Gen.Int[0, 5]).Select((id, train, labels) =>
        new DatasetImage($"images/{id}.jpg", $"sha-{id}", train ? DatasetSplit.Train : DatasetSplit.Validation, $"labels-{labels}", labels, null));

    [Fact]
    public void Of_OtherOrderAndOtherNames_IsTheSame() =>
        Gen.Select(Images.Array[1, 30], Gen.Int[0, int.MaxValue]).Sample((images, seed) =>
        {
            var shuffled = images.Select((image, index) => image with { FileName = $"other/{index}" }).ToArray();
            new Random(seed).Shuffle(shuffled);
            Assert.Equal(ContentHash.Of(["a", "b"], images), ContentHash.Of(["a", "b"], shuffled));
        });

    [Fact]
    public void Of_OneChange_IsAnother() =>
        Gen.Select(Images.Array[1, 30], Gen.Int[0, 4]).Sample((images, change) =>
        {
            var first = images[0];
            DatasetImage[] changed = change switch
            {
                0 => [first with { Sha256 = "other" }, .. images[1..]],
                1 => [first with { Labels = "other" }, .. images[1..]],
                2 => [first with { Split = 1 - first.Split }, .. images[1..]],
                3 => images[1..],
                _ => [first, .. images],
            };
            Assert.NotEqual(ContentHash.Of(["a"], images), ContentHash.Of(["a"], changed));
        });

    [Fact]
    public void LabelSet_AnyOrder_HasOneHash() =>
        Gen.Select(Labels.Array[0, 20], Gen.Int[0, int.MaxValue]).Sample((labels, seed) =>
        {
            var shuffled = labels.ToArray();
            new Random(seed).Shuffle(shuffled);
            Assert.Equal(LabelSet.Of(labels).Hash, LabelSet.Of(shuffled).Hash);
            Assert.Equal(LabelSet.Of(labels).Hash, LabelSet.Of(LabelSet.FromJson(LabelSet.Of(labels).ToJson())).Hash);
        });

    [Fact]
    public void LabelSet_ThroughYoloText_IsTheSameToTheLastDigit() =>
        Gen.Select(Labels.Array[0, 20], Gen.Int[601, 9000], Gen.Int[481, 9000]).Sample((labels, width, height) =>
        {
            var before = LabelSet.Of(labels.Select(label => label with { Crowd = false }));
            var text = YoloExport.Labels(new LabelledImage("images/train/a.jpg", "Train", "", 0, width, height, before.ToJson(), false));
            var findings = new Findings();
            var after = LabelSet.Of(YoloLabelFile.Parse(text, 4, "a.txt", findings).Select(item => item.ToLabel(width, height)));
            Assert.False(findings.Any);
            Assert.Equal(before.Hash, after.Hash);
        });
}

using RetrainLoop.Training.Data;

namespace RetrainLoop.Tests.Training.Data;

public sealed class YoloDatasetTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Read_WithoutNewFrames_AllAreNewAndBoxesAreRead()
    {
        var dataset = YoloDataset.Read(ShapesDataset.Write(folder.Path, train: 3, validation: 1));
        Assert.Equal(ShapesDataset.ClassNames, dataset.ClassNames);
        Assert.Equal((3, 1), (dataset.Train.Count, dataset.Validation.Count));
        Assert.All(dataset.Train, image => Assert.True(image.IsNew));
        Assert.All(dataset.Train, image => Assert.Equal(2, image.Boxes.Count));
    }

    [Fact]
    public void Read_NewFramesNamed_OnlyTheyAreNew()
    {
        ShapesDataset.Write(folder.Path, train: 3, validation: 1);
        File.WriteAllText(folder["retrainloop.json"], """{ "new": ["images/train/001.png"] }""");
        Assert.Equal([false, true, false], YoloDataset.Read(folder.Path).Train.Select(image => image.IsNew));
    }

    [Fact]
    public void Read_NoValidationSplit_KeepsSomeTrainingImagesAside()
    {
        var dataset = YoloDataset.Read(ShapesDataset.Write(folder.Path, train: 20, validation: 0)).ForTraining();
        Assert.Equal((18, 2), (dataset.Train.Count, dataset.Validation.Count));
        Assert.Empty(dataset.Train.Intersect(dataset.Validation));
    }

    [Theory]
    [InlineData("7 0.5 0.5 0.1 0.1", "class 7 is not one of the 2 classes")]
    [InlineData("0 1.5 0.5 0.1 0.1", "does not lie in [0, 1]")]
    [InlineData("0 0.5 0.5 0.1", "has 4 fields instead of 5")]
    [InlineData("0 0.5 x 0.1 0.1", "'x' is not a number")]
    public void Read_WrongLabel_IsRefusedWithFileAndLine(string line, string reason)
    {
        ShapesDataset.Write(folder.Path, train: 2, validation: 1);
        File.AppendAllLines(folder[Path.Combine("labels", "train", "001.txt")], [line]);
        var error = Assert.Throws<DatasetException>(() => YoloDataset.Read(folder.Path));
        Assert.Contains($"001.txt line 3: ", error.Message);
        Assert.Contains(reason, error.Message);
    }

    [Fact]
    public void Read_NoImages_SaysSo()
    {
        ShapesDataset.Write(folder.Path, train: 0, validation: 1);
        Assert.Contains("no training images", Assert.Throws<DatasetException>(() => YoloDataset.Read(folder.Path).ForTraining()).Message);
    }

    [Theory]
    [InlineData("names: [nut, 'hex bolt']")]
    [InlineData("names:\n  - nut\n  - hex bolt")]
    [InlineData("names:\n  1: hex bolt\n  0: nut")]
    public void Parse_Names_AreReadFromAListOrAMap(string names) =>
        Assert.Equal(["nut", "hex bolt"], DatasetDescription.Parse($"train: images/train\n{names}\n").ClassNames);
}

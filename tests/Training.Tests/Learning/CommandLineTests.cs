using RetrainLoop.Training.Learning;

namespace RetrainLoop.Tests.Training.Learning;

public sealed class CommandLineTests
{
    [Fact]
    public void Read_Options_AreTheRecordsProperties()
    {
        var options = CommandLine.Read<TrainOptions>(
            ["--dataset", "d", "--out", "o", "--net", "nano", "--image-size", "320", "--lr0", "0.01", "--batch-size", "4"]);
        Assert.Equal(new TrainOptions { Dataset = "d", Out = "o", Net = NetSize.Nano, ImageSize = 320, Lr0 = 0.01, BatchSize = 4 }, options);
    }

    [Theory]
    [InlineData("There is no option '--epoch'", "--epoch", "3")]
    [InlineData("--epochs needs a value", "--epochs")]
    [InlineData("must be between", "--dataset", "d", "--out", "o", "--epochs", "0")]
    [InlineData("Dataset", "--out", "o")]
    public void Read_Mistake_SaysWhatIsWrong(string expected, params string[] arguments) =>
        Assert.Contains(expected, Assert.Throws<CommandLineException>(() => CommandLine.Read<TrainOptions>(arguments)).Message);
}

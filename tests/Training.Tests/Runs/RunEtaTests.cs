using RetrainLoop.Training.Runs;

namespace RetrainLoop.Tests.Training.Runs;

public sealed class RunEtaTests
{
    [Fact]
    public void Of_EpochTimes_IsTheMedianOfTheNewestForEachEpochToCome() => Assert.Equal(3 * 4.0, RunEta.Of(Epochs(90, 3, 4, 5, 3, 40, 4), planned: 10));

    [Fact]
    public void Of_NothingDone_IsUnknown() => Assert.Null(RunEta.Of([], planned: 10));

    static List<EpochInfo> Epochs(params double[] seconds) => [.. seconds.Select((time, i) => new EpochInfo(i + 1, 0, 0, 0, 0, 0, 0, time))];
}

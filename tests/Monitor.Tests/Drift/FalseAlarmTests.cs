namespace RetrainLoop.Tests.Monitor.Drift;

public sealed class FalseAlarmTests(ITestOutputHelper output)
{
    const int Weeks = 100;

    [Fact]
    public void Judge_HundredSimulatedWeeks_CriesNoWolfAndFindsTheShiftInTwoDays()
    {
        var rows = Study(1);
        Assert.True(rows[0].PlainKs > 0.5, "The plain test should be fooled here, else the simulation proves nothing.");
        Assert.True(rows[0].Decision <= 0.01, $"Fires in {rows[0].Decision:P0} of unchanged weeks.");
        Assert.True(rows[^1].Decision >= 0.95, $"Finds the shift within two days in {rows[^1].Decision:P0} only.");
    }

    [Fact]
    public void Judge_VarianceComponentsDoubled_StaysQuietOverTheWeek()
    {
        var rows = Study(2);
        Assert.True(rows[0].Decision <= 0.05, $"Fires in {rows[0].Decision:P0} of unchanged weeks.");
        Assert.True(rows[^1].Decision > rows[0].Decision + 0.5);
    }

    IReadOnlyList<StudyRow> Study(double variance)
    {
        var rows = FalseAlarmStudy.Run(Weeks, variance, daily: false);
        output.WriteLine($"variance components x {variance}, {Weeks} deployments");
        output.WriteLine($"{"traffic",-16} {"window",-40} {"plain p<0.01",12} {"permutation",12} {"decision",9} {"distance",9} {"effective n",12}");
        foreach (var row in rows)
            output.WriteLine($"{row.Traffic,-16} {row.Window,-40} {row.PlainKs,12:P0} {row.Permutation,12:P0} {row.Decision,9:P0} {row.MeanDistance,9:F3} {row.MeanEffectiveSize,12:F0}");
        return rows;
    }
}

using RetrainLoop.Monitor.Statistics;

namespace RetrainLoop.Tests.Monitor.Statistics;

public sealed class FamilyTests
{
    [Fact]
    public void Adjust_BenjaminiAndHochbergsOwnExample_RejectsTheFirstFour()
    {
        // The fifteen p-values of their section 3.2, at q = 0.05.
        double[] p = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0000];
        var adjusted = BenjaminiHochberg.Adjust(p);
        Assert.Equal(4, adjusted.Count(value => value <= 0.05));
        Assert.Equal(0.0095 * 15 / 4, adjusted[3], 1e-12);
        Assert.Equal(0.0201 * 15 / 5, adjusted[4], 1e-12);
        Assert.Equal(adjusted.Order(), adjusted);
    }

    [Fact]
    public void Adjust_InputInAnyOrder_KeepsTheOrderAndNeverFallsUnderItself()
    {
        Assert.Equal([0.04, 0.03, 0.5], BenjaminiHochberg.Adjust([0.0266666666666666666, 0.01, 0.5]).Select(value => Math.Round(value, 10)));
        Assert.Equal(0.08, BenjaminiHochberg.Adjust([0.01], tests: 8)[0], 1e-12);
    }

    [Fact]
    public void ChiSquare_KnownTable_EqualsScipy()
    {
        // scipy.stats.chi2_contingency([[10, 10, 20], [20, 20, 20]], correction=False)
        var (statistic, pValue) = ChiSquare.Test([10, 10, 20], [20, 20, 20]);
        Assert.Equal(2.7777777777777777, statistic, 1e-12);
        Assert.Equal(0.24935220877729622, pValue, 1e-12);
        Assert.Equal((0.0, 1.0), ChiSquare.Test([5, 0], [7, 0]));
    }
}

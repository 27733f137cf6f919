using CsCheck;
using RetrainLoop.Monitor.Statistics;

namespace RetrainLoop.Tests.Monitor.Statistics;

public sealed class RadixSortTests
{
    static readonly Gen<double> AnyNumber = Gen.OneOf(
        Gen.Double, Gen.Double[0, 1], Gen.Int[-3, 3].Select(value => (double)value), Gen.Const(0.0), Gen.Const(-0.0),
        Gen.Const(double.PositiveInfinity), Gen.Const(double.NegativeInfinity), Gen.Const(double.Epsilon)).Where(value => !double.IsNaN(value));

    [Fact]
    public void Ascending_AnyNumbers_EqualsTheLibrarysSort() => AnyNumber.Array[0, 5_000].Sample(values =>
    {
        double[] expected = [.. values.Order()];
        Assert.Equal(expected, RadixSort.Ascending(values));
    }, iter: 200);
}

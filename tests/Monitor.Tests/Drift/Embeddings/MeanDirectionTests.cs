using CsCheck;
using RetrainLoop.Monitor.Drift.Embeddings;

namespace RetrainLoop.Tests.Monitor.Drift.Embeddings;

public sealed class MeanDirectionTests
{
    static readonly Gen<float[][]> Units =
        Gen.Int[1, 16].SelectMany(length => Gen.Float[-1, 1].Array[length].Where(vector => vector.Any(value => Math.Abs(value) > 0.01f)).Array[2, 30]
            .Select(vectors => vectors.Select(Scaled).ToArray()));

    [Fact]
    public void DistanceOfMember_AnyVectors_IsTheDistanceToTheMeanOfTheOthers() => Units.Sample(units =>
    {
        var all = MeanDirection.Of(units);
        for (var i = 0; i < units.Length; i++)
        {
            var others = MeanDirection.Of(units.Where((_, j) => j != i));
            if (others.Sum.Sum(part => part * part) < 1e-6) continue; // opposite vectors cancel out: rounding would decide
            Assert.Equal(Direct(units[i], others.Sum), others.DistanceOf(units[i]), 1e-6);
            Assert.Equal(others.DistanceOf(units[i]), all.DistanceOfMember(units[i]), 1e-6);
            Assert.InRange(all.DistanceOfMember(units[i]), 0, 2);
        }
    });

    [Fact]
    public void DistanceOf_AlikeOppositeAndNothing_IsZeroTwoAndOne()
    {
        var mean = MeanDirection.Of([[0.6f, 0.8f], [0.6f, 0.8f]]);
        Assert.Equal((0, 2), (Math.Round(mean.DistanceOf([0.6f, 0.8f]), 6), Math.Round(mean.DistanceOf([-0.6f, -0.8f]), 6)));
        Assert.Equal(1, MeanDirection.Of([[1, 0]]).DistanceOfMember([1, 0])); // there are no others
    }

    /// <summary>Of few frames in many dimensions the mean leans towards each of them: counted in, they look nearer than fresh frames of the same kind.</summary>
    [Fact]
    public void DistanceOfMember_UnchangedWorld_IsThatOfFreshFramesOnAverage()
    {
        var (random, members, fresh, counted) = (new Random(3), 0.0, 0.0, 0.0);
        const int Rounds = 200, Frames = 20;
        for (var round = 0; round < Rounds; round++)
        {
            var units = Enumerable.Range(0, Frames).Select(_ => PlayedFrames.Unit(random, 64, shift: 0)).ToList();
            var mean = MeanDirection.Of(units);
            members += units.Average(unit => mean.DistanceOfMember(unit));
            counted += units.Average(unit => mean.DistanceOf(unit));
            fresh += Enumerable.Range(0, Frames).Average(_ => mean.DistanceOf(PlayedFrames.Unit(random, 64, shift: 0)));
        }
        Assert.InRange(members / fresh, 0.99, 1.01);
        Assert.InRange(counted / fresh, 0.85, 0.95);
    }

    static double Direct(float[] unit, double[] sum) =>
        1 - unit.Zip(sum, (a, b) => a * b).Sum() / (Math.Sqrt(unit.Sum(a => (double)a * a)) * Math.Sqrt(sum.Sum(b => b * b)));

    static float[] Scaled(float[] vector)
    {
        var length = Math.Sqrt(vector.Sum(value => (double)value * value));
        return [.. vector.Select(value => (float)(value / length))];
    }
}

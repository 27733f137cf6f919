namespace RetrainLoop.Monitor.Statistics;

/// <summary>The outcome of a block permutation test.</summary>
/// <param name="Distance">Of the samples as they are.</param>
/// <param name="PValue">Share of rearrangements that are at least as far apart.</param>
/// <param name="ByChance">The 95 % quantile of the distance over rearrangements: what chance alone makes of blocks like these.</param>
/// <param name="Draws">Rearrangements tried.</param>
public readonly record struct PermutationResult(double Distance, double PValue, double ByChance, int Draws);

/// <summary>
/// A permutation test whose units are blocks of time, because values inside a block depend on each other (Good, Permutation, Parametric and
/// Bootstrap Tests of Hypotheses, 2005, ch. 3): under "nothing changed" blocks of one stratum are exchangeable between the windows, whatever goes on
/// inside them, so the distance is held against those of random rearrangements within strata. Exact as far as blocks do not depend on each other;
/// blocks shorter than what they share (a day's weather) make p too small, which is why decisions also ask for a least distance.
/// <para>
/// p = (exceedances + 1) / (draws + 1), a valid p-value for any number of draws. Drawing stops early once many rearrangements were as far apart
/// (Besag and Clifford, Biometrika 78, 1991, whose h / draws this never falls below).
/// </para>
/// </summary>
public static class BlockPermutation
{
    /// <summary>Exceedances after which drawing stops: p is then known to about 14 %.</summary>
    const int EnoughExceedances = 50;
    const int FewestDraws = 200; // so that the quantile of the distance is known too

    /// <param name="permutations">At most this many rearrangements.</param>
    /// <param name="seed">The same seed gives the same p.</param>
    public static PermutationResult Test(PermutationBlocks blocks, int permutations = 2000, int seed = 1)
    {
        var scratch = new double[blocks.Cells];
        var observed = blocks.Distance(blocks.CurrentBlocks, scratch);
        var strata = blocks.Exchangeable();
        var current = new int[strata.Sum(stratum => stratum.Current)];
        var random = new Random(seed);
        var distances = new List<double>(permutations);
        var exceedances = 0;
        while (distances.Count < permutations && (exceedances < EnoughExceedances || distances.Count < FewestDraws))
        {
            Draw(strata, current, random);
            var distance = blocks.Distance(current, scratch);
            distances.Add(distance);
            if (distance >= observed - 1e-12) exceedances++; // rounding must not make the arrangement itself look smaller
        }
        distances.Sort();
        return new PermutationResult(observed, (exceedances + 1.0) / (distances.Count + 1), distances[(int)(0.95 * (distances.Count - 1))], distances.Count);
    }

    /// <summary>In how many ways blocks can be exchanged within strata; the smallest p is one over this.</summary>
    /// <param name="strata">Blocks and current blocks per stratum.</param>
    public static double Arrangements(IEnumerable<(int Blocks, int Current)> strata)
    {
        var product = 1.0;
        foreach (var (count, current) in strata)
            for (var i = 1; i <= current; i++) product *= (count - current + i) / (double)i;
        return product;
    }

    /// <summary>Chooses as many of each stratum's blocks as are current, evenly (the first steps of a Fisher-Yates shuffle).</summary>
    static void Draw(IReadOnlyList<(int[] Blocks, int Current)> strata, int[] chosen, Random random)
    {
        var next = 0;
        foreach (var (blocks, count) in strata)
            for (var i = 0; i < count; i++)
            {
                var j = random.Next(i, blocks.Length);
                (blocks[i], blocks[j]) = (blocks[j], blocks[i]);
                chosen[next++] = blocks[i];
            }
    }
}

namespace RetrainLoop.Simulator.Scenes;

/// <summary>
/// A stream of random numbers that is the same in every version of .NET and on every machine (SplitMix64; Steele, Lea, Flood, OOPSLA 2014).
/// </summary>
public struct RandomStream(ulong seed)
{
    ulong state = seed;

    /// <summary>A stream of its own for each combination of numbers.</summary>
    public static RandomStream Of(params ReadOnlySpan<long> parts)
    {
        var hash = 0x9E3779B97F4A7C15UL;
        foreach (var part in parts) hash = Mix(hash ^ Mix((ulong)part + 0x9E3779B97F4A7C15UL));
        return new RandomStream(hash);
    }

    public ulong NextBits() => Mix(state += 0x9E3779B97F4A7C15UL);

    /// <summary>Uniform in [0, 1).</summary>
    public float NextFloat() => (NextBits() >> 40) * (1f / (1 << 24));

    /// <summary>Uniform in [low, high).</summary>
    public float NextFloat(float low, float high) => low + (high - low) * NextFloat();

    /// <summary>Uniform in {0, ..., count - 1}.</summary>
    public int NextInt(int count) => (int)(NextFloat() * count);

    /// <summary>Standard normal (Box and Muller 1958).</summary>
    public float NextNormal() => MathF.Sqrt(-2 * MathF.Log(1 - NextFloat())) * MathF.Cos(MathF.Tau * NextFloat());

    static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }
}

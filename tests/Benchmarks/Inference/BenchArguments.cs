using System.Globalization;

namespace RetrainLoop.Benchmarks.Inference;

/// <summary>What the command line says beside the names: <c>--seconds 10 --rounds 7 --requests 200000</c>.</summary>
static class BenchArguments
{
    public static double Number(string name, double otherwise)
    {
        var arguments = Environment.GetCommandLineArgs();
        var at = Array.IndexOf(arguments, $"--{name}");
        return at >= 0 && at + 1 < arguments.Length ? double.Parse(arguments[at + 1], CultureInfo.InvariantCulture) : otherwise;
    }

    /// <summary>Length of one round of load.</summary>
    public static TimeSpan Round => TimeSpan.FromSeconds(Number("seconds", 8));

    /// <summary>Pairs of rounds; their median ratio is told.</summary>
    public static int Rounds => (int)Number("rounds", 5);
}

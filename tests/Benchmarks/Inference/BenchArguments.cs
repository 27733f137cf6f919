using System.Globalization;

namespace RetrainLoop.Benchmarks.Inference;

/// <summary>What the command line says beside the names: <c>--seconds 10 --rounds 7 --warm-up 30 --requests 200000 --model half_width_320</c>.</summary>
static class BenchArguments
{
    public static double Number(string name, double otherwise) =>
        Text(name) is { } number ? double.Parse(number, CultureInfo.InvariantCulture) : otherwise;

    public static string? Text(string name)
    {
        var arguments = Environment.GetCommandLineArgs();
        var at = Array.IndexOf(arguments, $"--{name}");
        return at >= 0 && at + 1 < arguments.Length ? arguments[at + 1] : null;
    }

    /// <summary>Length of one round of load.</summary>
    public static TimeSpan Round => TimeSpan.FromSeconds(Number("seconds", 8));

    /// <summary>Load before the first round that counts.</summary>
    public static TimeSpan WarmUp => TimeSpan.FromSeconds(Number("warm-up", 30));

    /// <summary>Pairs of rounds; their median ratio is told.</summary>
    public static int Rounds => (int)Number("rounds", 5);
}

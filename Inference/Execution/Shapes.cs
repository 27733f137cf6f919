using System.Globalization;

namespace RetrainLoop.Inference.Execution;

/// <summary>Tensor shapes in sentences.</summary>
static class Shapes
{
    /// <summary><c>[1, 84, 8400]</c>; dynamic dimensions are <c>?</c>.</summary>
    public static string Describe(IEnumerable<int> dimensions) => Describe(dimensions.Select(dimension => (long)dimension));

    public static string Describe(IEnumerable<long> dimensions) =>
        $"[{string.Join(", ", dimensions.Select(dimension => dimension < 0 ? "?" : dimension.ToString(CultureInfo.InvariantCulture)))}]";
}

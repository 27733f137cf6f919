namespace RetrainLoop.Inference.Models.Heads;

/// <summary>How many cells the grids of a detector have: that tells the families apart whose outputs have the same rank.</summary>
static class AnchorGrid
{
    public static readonly int[] CommonStrides = [8, 16, 32];
    static readonly int[][] KnownStrides = [CommonStrides, [8, 16, 32, 64], [4, 8, 16, 32], [16, 32]];

    public static int Cells(int width, int height, IEnumerable<int> strides) => strides.Sum(stride => width / stride * (height / stride));

    /// <summary>One box per cell of a known set of grids.</summary>
    public static bool IsAnchorFree(int boxes, int width, int height) => KnownStrides.Any(strides => Cells(width, height, strides) == boxes);

    /// <summary>Three boxes per cell of a known set of grids.</summary>
    public static bool IsAnchorBased(int boxes, int width, int height) => KnownStrides.Any(strides => 3 * Cells(width, height, strides) == boxes);
}

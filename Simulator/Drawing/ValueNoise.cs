using RetrainLoop.Simulator.Scenes;

namespace RetrainLoop.Simulator.Drawing;

/// <summary>Smooth random values in [0, 1) on a plane that repeats every <c>size</c> units in both directions.</summary>
public sealed class ValueNoise
{
    readonly float[] lattice;
    readonly int size;

    /// <param name="size">A power of two.</param>
    public ValueNoise(ref RandomStream random, int size)
    {
        this.size = size;
        lattice = new float[size * size];
        for (var i = 0; i < lattice.Length; i++) lattice[i] = random.NextFloat();
    }

    public float At(float x, float y)
    {
        var (column, row) = ((int)MathF.Floor(x), (int)MathF.Floor(y));
        var (u, v) = (Ease(x - column), Ease(y - row));
        var top = float.Lerp(Node(column, row), Node(column + 1, row), u);
        var bottom = float.Lerp(Node(column, row + 1), Node(column + 1, row + 1), u);
        return float.Lerp(top, bottom, v);
    }

    float Node(int column, int row) => lattice[(row & (size - 1)) * size + (column & (size - 1))];
    static float Ease(float t) => t * t * (3 - 2 * t);
}

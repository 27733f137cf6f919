using RetrainLoop.Contracts;

namespace RetrainLoop.Training.Data;

/// <summary>A labelled object on a picture.</summary>
public readonly record struct Target(int Class, Box Box);

/// <summary>A square picture as the net sees it.</summary>
/// <param name="Pixels">Size * Size * 3 bytes: rows of red, green, blue.</param>
/// <param name="Targets">Boxes in pixels of the square.</param>
public sealed record Picture(byte[] Pixels, int Size, IReadOnlyList<Target> Targets)
{
    public static Picture Blank(int size)
    {
        var pixels = new byte[size * size * 3];
        Array.Fill(pixels, Letterbox.Grey);
        return new Picture(pixels, size, []);
    }
}

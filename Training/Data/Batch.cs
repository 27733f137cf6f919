using RetrainLoop.Training.Assignment;
using static TorchSharp.torch;

namespace RetrainLoop.Training.Data;

/// <summary>Pictures as tensors.</summary>
/// <param name="Images">[B, 3, S, S], RGB in [0, 1].</param>
public sealed record Batch(Tensor Images, Targets Targets)
{
    public static Batch Of(IReadOnlyList<Picture> pictures, Device device)
    {
        var size = pictures[0].Size;
        var values = new float[pictures.Count * 3 * size * size];
        for (var i = 0; i < pictures.Count; i++) ToUnit(pictures[i].Pixels, values.AsSpan(i * 3 * size * size, 3 * size * size));
        // Channels stay last in memory and are only named first: convolutions then take a path that makes a step a fifth quicker on a CPU.
        var images = tensor(values).view(pictures.Count, size, size, 3).permute(0, 3, 1, 2).to(device);
        return new Batch(images, TargetsOf(pictures).To(device));
    }

    static void ToUnit(ReadOnlySpan<byte> pixels, Span<float> values)
    {
        for (var i = 0; i < pixels.Length; i++) values[i] = pixels[i] / 255f;
    }

    static Targets TargetsOf(IReadOnlyList<Picture> pictures)
    {
        var rows = Math.Max(1, pictures.Max(picture => picture.Targets.Count));
        var corners = new float[pictures.Count * rows * 4];
        var classes = new long[pictures.Count * rows];
        var present = new bool[pictures.Count * rows];
        for (var i = 0; i < pictures.Count; i++)
            for (var j = 0; j < pictures[i].Targets.Count; j++)
            {
                var (label, box) = pictures[i].Targets[j];
                var row = i * rows + j;
                (corners[4 * row], corners[4 * row + 1], corners[4 * row + 2], corners[4 * row + 3]) = (box.X, box.Y, box.Right, box.Bottom);
                (classes[row], present[row]) = (label, true);
            }
        return new Targets(
            tensor(corners).view(pictures.Count, rows, 4), tensor(classes).view(pictures.Count, rows), tensor(present).view(pictures.Count, rows));
    }
}

using static RetrainLoop.Tests.Inference.OnnxFile;

namespace RetrainLoop.Tests.Inference;

/// <summary>
/// Writes small ONNX detectors whose answers are known: input [1, 3, 64, 64], output [1, 6, 84] with two classes. With b = mean of the input in
/// [0, 1], box 0 is a "dark" one of 20 x 10 px around (32, 32) with score 1 - b, box 1 a "bright" one of 8 x 8 px around (16, 48) with score b.
/// The embedding is [b, 2b].
/// </summary>
public static class TinyModel
{
    public const int Size = 64, Boxes = 84;

    /// <param name="variant">Changes the bytes, so that versions differ; shifts the first box right by that many pixels.</param>
    /// <param name="failsAbove">The model fails at run time on pictures whose mean is at least this, in tenths; 10 = never.</param>
    /// <param name="products">Matrix products of 512 x 512 that each run does besides: some milliseconds each.</param>
    /// <param name="links">Nodes that do nothing and are optimised away: they only make loading slower.</param>
    public static byte[] Create(
        int variant = 0, int failsAbove = 11, string metadataNames = "{0: 'dark', 1: 'bright'}", int products = 0, int links = 0)
    {
        float[] constant = new float[6 * Boxes], gain = new float[6 * Boxes];
        float[][] rows = [[32 + variant, 16], [32, 48], [20, 8], [10, 8], [1, 0], [0, 0]];
        for (var row = 0; row < 6; row++)
            for (var box = 0; box < 2; box++) constant[row * Boxes + box] = rows[row][box];
        gain[4 * Boxes] = -1;
        gain[5 * Boxes + 1] = 1;
        var graph = Message(
            Node("ReduceMean", ["images"], ["measured"], Ints("axes", 1, 2, 3), Int("keepdims", 0)),
            products == 0 ? Node("Identity", ["measured"], ["link0"]) : Work(products),
            Message([.. Enumerable.Range(0, links).Select(i => Node("Identity", [$"link{i}"], [$"link{i + 1}"]))]),
            Node("Identity", [$"link{links}"], ["mean"]),
            Node("Mul", ["mean", "ten"], ["tenths"]),
            Node("Cast", ["tenths"], ["index"], Int("to", 7)),
            Node("Gather", ["zeros", "index"], ["zero"]),
            Node("Add", ["mean", "zero"], ["brightness"]),
            Node("Mul", ["gain", "brightness"], ["scaled"]),
            Node("Add", ["scaled", "constant"], ["output0"]),
            Node("Mul", ["brightness", "pattern"], ["embedding"]),
            Text(2, "tiny"),
            Tensor("ten", [1], [10]), Tensor("zeros", [failsAbove], new float[failsAbove]), Tensor("gain", [1, 6, Boxes], gain),
            Tensor("constant", [1, 6, Boxes], constant), Tensor("pattern", [1, 2], [1, 2]),
            Bytes(11, ValueInfo("images", 1, 3, Size, Size)), Bytes(12, ValueInfo("output0", 1, 6, Boxes)), Bytes(12, ValueInfo("embedding", 1, 2)));
        return Message(
            Number(1, 8), Bytes(8, Message(Text(1, ""), Number(2, 13))), Bytes(7, graph),
            Metadata("names", metadataNames), Metadata("stride", "32"), Metadata("imgsz", "[64, 64]"), Metadata("task", "detect"));
    }

    // Averages a matrix that holds the mean in every place again and again, which leaves it as it is.
    static byte[] Work(int products)
    {
        const int side = 512;
        return Message([
            Tensor("averaging", [side, side], [.. Enumerable.Repeat(1f / side, side * side)]), Tensor("side", [1], [side]),
            Node("Mul", ["measured", "averaging"], ["work0"]),
            .. Enumerable.Range(0, products).Select(i => Node("MatMul", [$"work{i}", "averaging"], [$"work{i + 1}"])),
            Node("ReduceMean", [$"work{products}"], ["share"], Ints("axes", 0, 1), Int("keepdims", 0)),
            Node("Mul", ["share", "side"], ["link0"]),
        ]);
    }
}

using static RetrainLoop.Tests.Inference.OnnxFile;

namespace RetrainLoop.Tests.Inference;

public enum TinyHead { Yolov8, Yolov8Transposed, Yolov5, EndToEnd, Yolox }

/// <summary>
/// Writes detectors of every family for pictures of 64 x 64 pixels, whose only box is of class 1 and covers (22, 11) to (42, 21). Its score is the
/// mean of the first channel that the network gets, in [0, 1]: it tells the order of the channels and their scale.
/// </summary>
public sealed record TinyDetector(TinyHead Head)
{
    public const int Float = 1, Byte = 2, Half = 10;
    const int Cells = 84, EndToEndBoxes = 10;

    public int Type { get; init; } = Float;
    public bool ChannelsLast { get; init; }

    /// <summary>-1 = dynamic.</summary>
    public int Batch { get; init; } = 1;

    /// <summary>-1 = dynamic; the metadata say 64.</summary>
    public int Size { get; init; } = TinyModel.Size;

    /// <summary>The run fails when any picture's score would be at least this, in tenths.</summary>
    public int FailsAbove { get; init; } = 11;

    /// <summary>Scores are no numbers from a brightness on, in tenths.</summary>
    public int NaNFrom { get; init; } = 11;

    /// <summary>What the metadata say of the size.</summary>
    public string SizeInMetadata { get; init; } = "[64, 64]";

    public byte[] ToOnnx()
    {
        var (rows, columns, constant, gain) = Output();
        long[] weights = ChannelsLast ? [1, 1, 1, 3] : [1, 3, 1, 1];
        long[] input = ChannelsLast ? [Batch, Size, Size, 3] : [Batch, 3, Size, Size];
        var takesLevels = Head == TinyHead.Yolox || Type == Byte;
        var graph = Message(
            Node("Cast", ["images"], ["values"], Int("to", Float)),
            Node("Mul", ["values", "weights"], ["first"]),
            Node("ReduceMean", ["first"], ["means"], Ints("axes", 1, 2, 3), Int("keepdims", 1)),
            Node("ReduceMean", ["means"], ["mean"], Ints("axes", 3), Int("keepdims", 0)),
            Node("Mul", ["mean", "ten"], ["tenths"]),
            Node("Cast", ["tenths"], ["index"], Int("to", 7)),
            Node("Gather", ["zeros", "index"], ["zero"]),
            Node("Add", ["mean", "zero"], ["score"]),
            Node("Mul", ["gain", "score"], ["scaled"]),
            Node("Add", ["scaled", "constant"], ["sum"]),
            Node("Cast", ["sum"], ["output0"], Int("to", Type == Half ? Half : Float)),
            Text(2, "tiny"),
            Tensor("weights", weights, [takesLevels ? 3 / 255f : 3, 0, 0]),
            Tensor("ten", [1], [10]), Tensor("zeros", [FailsAbove], [.. Enumerable.Range(0, FailsAbove).Select(tenth => tenth < NaNFrom ? 0f : float.NaN)]),
            Tensor("gain", [1, rows, columns], gain), Tensor("constant", [1, rows, columns], constant),
            Bytes(11, ValueInfo("images", Type, input)), Bytes(12, ValueInfo("output0", Type == Half ? Half : Float, [Batch, rows, columns])));
        return Message(
            Number(1, 8), Bytes(8, Message(Text(1, ""), Number(2, 13))), Bytes(7, graph),
            Metadata("names", "{0: 'washer', 1: 'nut'}"), Metadata("stride", "32"), Metadata("imgsz", SizeInMetadata), Metadata("task", "detect"));
    }

    (int Rows, int Columns, float[] Constant, float[] Gain) Output() => Head switch
    {
        TinyHead.Yolov8 => Box(6, Cells, member => member * Cells, [32, 16, 20, 10, 0, 0], score: 5),
        TinyHead.Yolov8Transposed => Box(Cells, 6, member => member, [32, 16, 20, 10, 0, 0], score: 5),
        TinyHead.Yolov5 => Box(3 * Cells, 7, member => member, [32, 16, 20, 10, 1, 0, 0], score: 6),
        TinyHead.EndToEnd => Box(EndToEndBoxes, 6, member => member, [22, 11, 42, 21, 0, 1], score: 4),
        _ => Box(Cells, 7, member => member, [4, 2, MathF.Log(20 / 8f), MathF.Log(10 / 8f), 1, 0, 0], score: 6),
    };

    static (int Rows, int Columns, float[] Constant, float[] Gain) Box(int rows, int columns, Func<int, int> place, float[] members, int score)
    {
        float[] constant = new float[rows * columns], gain = new float[rows * columns];
        for (var member = 0; member < members.Length; member++) constant[place(member)] = members[member];
        gain[place(score)] = 1;
        return (rows, columns, constant, gain);
    }
}

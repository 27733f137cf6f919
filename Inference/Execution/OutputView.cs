using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace RetrainLoop.Inference.Execution;

/// <summary>One image's values of an output: float32, or float16 that is widened for reading.</summary>
readonly ref struct OutputView(ReadOnlySpan<byte> bytes, TensorElementType type)
{
    readonly ReadOnlySpan<byte> bytes = bytes;

    public static OutputView Of(OrtValue value) => new(value.GetTensorMutableRawData(), value.GetTensorTypeAndShape().ElementDataType);

    /// <param name="converted">Memory for widened values; grows as needed.</param>
    public ReadOnlySpan<float> Read(ref float[] converted)
    {
        if (type == TensorElementType.Float) return MemoryMarshal.Cast<byte, float>(bytes);
        var halves = MemoryMarshal.Cast<byte, Half>(bytes);
        if (converted.Length < halves.Length) converted = new float[halves.Length];
        TensorPrimitives.ConvertToSingle(halves, converted);
        return converted.AsSpan(0, halves.Length);
    }
}

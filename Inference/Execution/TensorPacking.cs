using System.Numerics.Tensors;
using System.Runtime.Intrinsics;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace RetrainLoop.Inference.Execution;

/// <summary>Turns the planar float tensor that the letterbox writes into the type and layout that a network takes.</summary>
static unsafe class TensorPacking
{
    /// <param name="planar">Three planes; whole levels in [0, 255] when the input takes bytes.</param>
    /// <param name="target"><see cref="DetectorInput.Bytes"/> bytes.</param>
    public static void Pack(float* planar, DetectorInput input, void* target)
    {
        if (input.Type == TensorElementType.Float16)
            TensorPrimitives.ConvertToHalf(new ReadOnlySpan<float>(planar, input.Values), new Span<Half>(target, input.Values));
        else if (!input.IsByte) new ReadOnlySpan<float>(planar, input.Values).CopyTo(new Span<float>(target, input.Values));
        else if (input.Interleaved) Interleave(planar, input.Width * input.Height, (byte*)target);
        else Narrow(planar, input.Values, (byte*)target);
    }

    static void Narrow(float* values, int count, byte* target)
    {
        var i = 0;
        for (; i <= count - 32; i += 32)
        {
            var first = Vector256.Narrow(Level(values + i), Level(values + i + 8));
            var second = Vector256.Narrow(Level(values + i + 16), Level(values + i + 24));
            Vector256.Narrow(first, second).Store(target + i);
        }
        for (; i < count; i++) target[i] = (byte)values[i];
    }

    // Four pixels at a time: three levels in one integer each, whose unused fourth byte is squeezed out.
    static void Interleave(float* planar, int pixels, byte* target)
    {
        float* second = planar + pixels, third = second + pixels;
        var squeeze = Vector128.Create((byte)0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, 3, 7, 11, 15);
        var i = 0;
        for (; i <= pixels - 8; i += 4) // stores 16 bytes of which 12 count, so it stops before the end
        {
            var packed = Vector128.ConvertToInt32(Vector128.Load(planar + i)) | Vector128.ConvertToInt32(Vector128.Load(second + i)) << 8
                | Vector128.ConvertToInt32(Vector128.Load(third + i)) << 16;
            Vector128.Shuffle(packed.AsByte(), squeeze).Store(target + 3L * i);
        }
        for (; i < pixels; i++)
            (target[3L * i], target[3L * i + 1], target[3L * i + 2]) = ((byte)planar[i], (byte)second[i], (byte)third[i]);
    }

    static Vector256<uint> Level(float* values) => Vector256.ConvertToInt32(Vector256.Load(values)).AsUInt32();
}

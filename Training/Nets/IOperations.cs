namespace RetrainLoop.Training.Nets;

/// <summary>
/// What the nets are made of. A net is written once as a function over these operations; TorchSharp runs it on tensors,
/// the export writes the same function down as an ONNX graph. Values are batches of feature maps [B, C, H, W].
/// </summary>
public interface IOperations<T>
{
    /// <summary>Convolution, batch norm, SiLU.</summary>
    T Convolve(ConvolutionBlock block, T x);

    /// <summary>A 1 x 1 convolution with bias and no activation.</summary>
    T Project(TorchSharp.Modules.Conv2d convolution, T x);

    T Add(T a, T b);

    /// <summary>Along the channels.</summary>
    T Concatenate(params ReadOnlySpan<T> parts);

    /// <summary>The first and the second half of the channels.</summary>
    (T First, T Second) Halve(T x, int channels);

    /// <summary>Largest value of each 5 x 5 neighbourhood, size kept.</summary>
    T MaximumPool(T x);

    /// <summary>Each pixel twice in both directions.</summary>
    T Upsample(T x);

    /// <summary>[B, C, H, W] to [B, C, H * W].</summary>
    T Flatten(T x, int channels);

    /// <summary>Flattened levels, one after the other.</summary>
    T ConcatenateLevels(params ReadOnlySpan<T> levels);

    /// <summary>Mean over all pixels: [B, C, H, W] to [B, C].</summary>
    T AveragePool(T x);
}

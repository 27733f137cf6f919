namespace RetrainLoop.Inference.Models;

/// <summary>A network answered with numbers that are not finite, as float16 networks do whose values overflow.</summary>
public sealed class ModelOutputException()
    : Exception("The model answered with scores or boxes that are not finite numbers (NaN or infinite), as float16 models do whose values overflow.");

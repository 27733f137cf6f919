namespace RetrainLoop.Inference.Execution;

/// <summary>A model computed on one image for longer than background work may, and was interrupted.</summary>
sealed class StalledModelException(ModelRef model, string image, TimeSpan limit) : Exception(
    $"{model} gave no result for {image} within {limit.TotalSeconds:0.#} s and was interrupted. Use a version that answers faster, "
    + "or raise Execution:BackgroundLimitMs.");

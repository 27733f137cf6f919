namespace RetrainLoop.Contracts;

/// <summary>One detection. <paramref name="X"/>, <paramref name="Y"/> = top left, pixels of the decoded, EXIF-oriented image.</summary>
/// <param name="Class">Index into the model's class names.</param>
/// <param name="Confidence">In [0, 1].</param>
public sealed record Detection(int Class, string Name, float Confidence, float X, float Y, float Width, float Height)
{
    public Box ToBox() => new(X, Y, Width, Height);
}

/// <summary>Milliseconds per stage; <paramref name="Queue"/> counts from the received body.</summary>
/// <param name="Upload">From the received headers to the received body of the whole request: the caller's network. No part of latency.</param>
public sealed record StageTimings(double Queue, double Decode, double Inference, double Postprocess, double Upload = 0);

public sealed record ImagePrediction(int Width, int Height, IReadOnlyList<Detection> Boxes, StageTimings SpeedMs);

public sealed record PredictResponse(string RequestId, ModelRef Model, IReadOnlyList<ImagePrediction> Images);

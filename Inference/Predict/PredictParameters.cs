namespace RetrainLoop.Inference.Predict;

/// <summary>The query of a prediction. Names and defaults as users of Ultralytics know them.</summary>
sealed record PredictParameters(double Conf, double Iou, int? Imgsz, string? Classes, bool Annotate);

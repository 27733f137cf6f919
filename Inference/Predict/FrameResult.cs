namespace RetrainLoop.Inference.Predict;

/// <summary>What became of one image.</summary>
/// <param name="Model">The version that answered, or should have.</param>
/// <param name="Prediction">Set when the outcome is Ok.</param>
/// <param name="Status">HTTP status of a refusal or failure.</param>
/// <param name="Detail">Its sentence.</param>
/// <param name="Stalled">The model, not the load, is why there was no answer in time.</param>
sealed record FrameResult(
    RequestOutcome Outcome, ModelRef Model, ImagePrediction? Prediction = null, int Status = 200, string Detail = "", bool Stalled = false)
{
    public static FrameResult Overloaded(ModelRef model, string deployment) =>
        new(RequestOutcome.Overloaded, model, null, StatusCodes.Status429TooManyRequests,
        $"{deployment} has more frames waiting than it may: slow down and try again after the time in Retry-After.");

    public static FrameResult TimedOut(ModelRef model, TimeSpan deadline, bool stalled) =>
        new(RequestOutcome.Timeout, model, null, StatusCodes.Status504GatewayTimeout,
        $"There was no answer within {deadline.TotalSeconds:0.#} s of the received body.", stalled);

    public static FrameResult Failed(ModelRef model, string name) => new(RequestOutcome.Failed, model, null, StatusCodes.Status500InternalServerError,
        $"The model {model} failed on {name}. The service's log has the details.");
}

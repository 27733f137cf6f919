namespace RetrainLoop.Inference.Predict;

/// <summary>The bodies that are under way fill the memory that they may take together.</summary>
sealed class OverloadedException(long most) : Exception(
    $"The images that are being received or worked on fill the {most / 1_000_000} MB that they may take together (Predict:MaxMegabytesInFlight): "
    + "slow down and try again after the time in Retry-After.");

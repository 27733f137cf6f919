namespace RetrainLoop.Inference.Models;

/// <summary>A file that cannot be served as a detector. The message says what was found and what is supported.</summary>
public sealed class UnservableModelException(string message) : Exception(message);

namespace RetrainLoop.Training.Learning;

/// <summary>A training cannot go on. The message is a sentence for the person who started it.</summary>
public sealed class TrainingException(string message) : Exception(message);

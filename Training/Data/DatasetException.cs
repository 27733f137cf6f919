namespace RetrainLoop.Training.Data;

/// <summary>A dataset cannot be trained on. The message is a sentence for the person who gave it.</summary>
public sealed class DatasetException(string message) : Exception(message);

using RetrainLoop.Contracts;

namespace RetrainLoop.Training.Validation;

/// <summary>What a net saw. The box is in pixels of the square input.</summary>
public readonly record struct ScoredBox(int Class, float Score, Box Box);

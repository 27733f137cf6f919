namespace RetrainLoop.Contracts;

/// <summary>The outcome of judging measurements. Inconclusive = not enough evidence yet; Error = could not be judged.</summary>
public enum Verdict { Passed, Failed, Inconclusive, Error }

/// <summary>A verdict with what it rests on.</summary>
/// <param name="Reason">One sentence for a person.</param>
/// <param name="Evidence">The checks behind it, in the order in which they were made.</param>
public sealed record Judgement(Verdict Verdict, string Reason, IReadOnlyList<Check> Evidence);

/// <summary>One measured comparison.</summary>
/// <param name="Observed">The measured value; null when there was nothing to measure.</param>
/// <param name="Reference">What it was compared with.</param>
/// <param name="Unit">For example <c>ms</c>, <c>fraction</c>, <c>points</c>.</param>
public sealed record Check(string Name, Verdict Verdict, double? Observed, double? Reference, double? Low, double? High, string Unit, string Detail);

namespace RetrainLoop.Training.Optimization;

/// <summary>Remembers the best epoch and says when to stop.</summary>
/// <param name="Patience">Epochs without a better score that are borne.</param>
/// <param name="BestEpoch">Counted from 1; 0 = none yet.</param>
public sealed record EarlyStopping(int Patience, int BestEpoch = 0, double BestScore = double.NegativeInfinity)
{
    public EarlyStopping After(int epoch, double score) => score > BestScore ? this with { BestEpoch = epoch, BestScore = score } : this;

    public bool ShouldStop(int epoch) => epoch - BestEpoch >= Patience;
}

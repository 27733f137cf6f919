namespace RetrainLoop.Training.Optimization;

/// <summary>Linear warm-up, then half a cosine down (Loshchilov and Hutter 2017, "SGDR", without restarts).</summary>
/// <param name="Peak">Rate at the end of the warm-up.</param>
/// <param name="Floor">The last rate as a fraction of the peak.</param>
public sealed record LearningRate(double Peak, int WarmUpSteps, int TotalSteps, double Floor = 0.01)
{
    /// <summary>The rate of a step, counted from 0.</summary>
    public double At(int step)
    {
        if (step < WarmUpSteps) return Peak * (step + 1) / WarmUpSteps;
        var progress = (double)(step - WarmUpSteps) / Math.Max(1, TotalSteps - WarmUpSteps);
        return Peak * (Floor + (1 - Floor) * (1 + Math.Cos(Math.PI * Math.Min(1, progress))) / 2);
    }
}

using RetrainLoop.Web.Charts;

namespace RetrainLoop.Web.Pages.Loop;

static class RolloutWords
{
    /// <summary>A step's share of traffic.</summary>
    public static string Weight(RolloutStep step) => step.Weight == 0 ? "shadow" : Figure.Count(step.Weight * 100, "%").ToString();

    /// <summary>What happens to a rollout next, in a sentence.</summary>
    public static string Next(RolloutInfo rollout) => rollout.State == RolloutState.Paused
        ? "It stays on this step until somebody resumes, promotes or aborts it."
        : $"After {Durations.Text(TimeSpan.FromSeconds(rollout.Steps[rollout.Step].BakeSeconds))} on the step Monitor compares both models; then it goes on, back or asks.";
}

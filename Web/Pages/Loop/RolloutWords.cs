using RetrainLoop.Web.Charts;

namespace RetrainLoop.Web.Pages.Loop;

static class RolloutWords
{
    /// <summary>A step's share of traffic.</summary>
    public static string Weight(RolloutStep step) => step.Weight == 0 ? "shadow" : Figure.Count(step.Weight * 100, "%").ToString();
}

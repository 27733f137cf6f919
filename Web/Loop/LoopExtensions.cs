namespace RetrainLoop.Web.Loop;

public static class LoopExtensions
{
    /// <summary>Everything that turns the loop: clients of the services, the jobs, their schedule, the passes.</summary>
    public static void AddLoop(this WebApplicationBuilder builder)
    {
    }

    /// <summary>Maps <c>/v1/loop-runs</c> and <c>/v1/policies</c>.</summary>
    public static void MapLoop(this WebApplication app)
    {
    }
}

using Microsoft.AspNetCore.Http.HttpResults;
using RetrainLoop.ServiceDefaults;
using RetrainLoop.ServiceDefaults.Security;

namespace RetrainLoop.Simulator.Oracle;

public static class OracleApi
{
    public static void AddOracle(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<OracleOptions>().BindConfiguration("Simulator:Oracle").ValidateOnStart();
        builder.Services.AddSingleton<OracleState>();
        builder.Services.AddHostedService<OracleAnnotator>();
    }

    public static void MapOracle(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/oracle", Read).RequireAuthorization(Access.View).WithSummary("Whether the oracle answers label tasks, and what it did.");
        routes.MapPut("/v1/oracle", Change).RequireAuthorization(Access.Operate).WithSummary("Switches the oracle; an omitted member keeps its value.");
    }

    static Ok<OracleInfo> Read(OracleState state) => TypedResults.Ok(state.Current.Info);

    static Results<Ok<OracleInfo>, ProblemHttpResult> Change(OracleChange change, OracleState state)
    {
        var problems = string.Join(' ', change.Problems());
        return problems.Length > 0 ? Problem.BadRequest(problems) : TypedResults.Ok(state.Apply(change));
    }
}

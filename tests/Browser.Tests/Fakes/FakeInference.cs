using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace RetrainLoop.Tests.Browser.Fakes;

static class FakeInference
{
    public static void Map(WebApplication app, FakeLine line)
    {
        app.MapGet("/v1/deployments", () => line.HasDeployment ? FakeLine.Names.Select(line.Deployment) : []);
        app.MapGet("/v1/deployments/{name}", (string name) => line.HasDeployment && FakeLine.Names.Contains(name) ? Results.Ok(line.Deployment(name)) : Results.NotFound());
        app.MapGet("/v1/deployments/{name}/transitions", (string name) => line.Transitions(name));
        app.MapGet("/v1/info", () => line.Provider);
        app.MapGet("/v1/rollouts/{id:guid}", (Guid id) => Rollout(line, id));
        app.MapGet("/v1/rollouts", (string deployment) => deployment == FakeLine.Name ? new[] { Rollout(line, FakeLine.Rollout) } : []);
        app.MapPost("/v1/rollouts/{id:guid}/{command}", (Guid id, string command, RolloutCommand told) =>
        {
            line.RolloutCommands.Enqueue((command, told.Reason));
            line.RolloutState = command switch { "pause" => RolloutState.Paused, "resume" => RolloutState.Running, _ => RolloutState.Aborted };
            return Rollout(line, id);
        });
        app.MapGet("/v1/oracle", () => new { enabled = true });
    }

    public static RolloutInfo Rollout(FakeLine line, Guid id) => new(
        id, "loop:rollout", FakeLine.Name, FakeLine.Candidate, FakeLine.Champion, line.RolloutState, 2,
        [new(0, 300, 200), new(0.05, 600, 200), new(0.25, 600, 500), new(0.5, 900, 1000), new(1, 900, 1000)], line.Now.AddMinutes(-4), "x",
        [
            new("Created", "Shadow", "Rollout began", "stack", line.Now.AddMinutes(-19)),
            new("Shadow", "5 %", "Errors, p95, detections and confidence no worse over 412 requests", "stack", line.Now.AddMinutes(-14)),
            new("5 %", "25 %", "Errors, p95, detections and confidence no worse over 655 requests", "stack", line.Now.AddMinutes(-4)),
        ],
        line.Now.AddMinutes(-19), null);
}

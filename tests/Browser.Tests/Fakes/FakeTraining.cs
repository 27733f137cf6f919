using Microsoft.AspNetCore.Builder;

namespace RetrainLoop.Tests.Browser.Fakes;

static class FakeTraining
{
    public static void Map(WebApplication app, FakeLine line) => app.MapGet("/v1/runs/{id:guid}", (Guid id) => Run(line, id));

    static TrainingRunInfo Run(FakeLine line, Guid id) => new(
        id, "loop:train", FakeLine.Name, new DatasetRef("line-training", 2), FakeLine.Champion, new Hyperparameters(), FakeLine.Name, null,
        TrainingRunState.Succeeded,
        [.. Enumerable.Range(1, 20).Select(epoch => new EpochInfo(
            epoch, 0.62 + 0.9 * Math.Exp(-epoch / 5.0), 0.41 + 1.3 * Math.Exp(-epoch / 4.0), 0.8, 0.94 - 0.4 * Math.Exp(-epoch / 4.0),
            0.71 - 0.38 * Math.Exp(-epoch / 5.0) + 0.008 * Math.Sin(epoch * 2.1), 0.001, 8.4))],
        null, null, null, new Dictionary<string, double> { ["mAP"] = 0.709 }, null, line.Now.AddMinutes(-40), line.Now.AddMinutes(-39), line.Now.AddMinutes(-36));
}

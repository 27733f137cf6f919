using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using RetrainLoop.Simulator.Frames;

namespace RetrainLoop.Tests.Simulator.Oracle;

public sealed class OracleAnnotatorTests
{
    const string OwnFrame = "cam-chi-1.s2000000.000004.l20.c0.v50";
    readonly ConcurrentQueue<LabelTask> waiting = new();
    readonly ConcurrentQueue<(LabelTask Task, LabelSubmission Submission, string IfMatch)> submitted = new();
    readonly ConcurrentQueue<LeaseCommand> skipped = new();
    readonly ConcurrentDictionary<Guid, LabelTask> leased = new();

    Task<FakeService> StartLabelingAsync(string url = "http://127.0.0.1:0") => FakeService.StartAsync(app =>
    {
        app.MapPost("/v1/tasks/claim", () =>
        {
            if (!waiting.TryDequeue(out var task)) return Results.NoContent();
            leased[task.Id] = task;
            return Results.Ok(task);
        });
        app.MapPost("/v1/tasks/{id:guid}/submit", (Guid id, LabelSubmission submission, HttpRequest request) =>
        {
            if (leased[id].FrameId == "cam-hh-1.s2000000.000099.l0.c0.v0") return Results.Problem("Somebody else has it.", statusCode: 409);
            submitted.Enqueue((leased[id], submission, request.Headers.IfMatch.ToString()));
            return Results.Ok(leased[id]);
        });
        app.MapPost("/v1/tasks/{id:guid}/skip", (Guid id, LeaseCommand command) =>
        {
            skipped.Enqueue(command);
            return Results.Ok(leased[id]);
        });
    }, url);

    static LabelTask Waiting(string frame) => new(
        Guid.NewGuid(), "line", Guid.NewGuid(), frame, "cam-chi-1", "chicago", DateTimeOffset.UnixEpoch, SampleReason.Random, LabelTaskState.Leased, 0.5,
        new ArtifactRef("http://labeling/v1/blobs/x", "x", 1), 640, 480, ["bolt", "gear", "nut", "washer"], [], null, null,
        Guid.NewGuid(), DateTimeOffset.UnixEpoch, "\"7\"", "oracle");

    [Fact]
    public async Task Annotate_OwnForeignAndLostFrames_SubmitsTruthSkipsAndCounts()
    {
        await using var labeling = await StartLabelingAsync();
        await using var simulator = SimulatorUnderTest.Create(labeling: labeling.Url);
        using var client = simulator.CreateStackClient();
        foreach (var frame in new[] { OwnFrame, "a-customers-frame", "cam-hh-1.s2000000.000099.l0.c0.v0" }) waiting.Enqueue(Waiting(frame));
        var off = await client.GetFromJsonAsync<JsonElement>("/v1/oracle");
        Assert.False(off.GetProperty("enabled").GetBoolean());

        await client.PutAsJsonAsync("/v1/oracle", new { enabled = true, annotators = 2 });
        await Eventually.TrueAsync(async () =>
        {
            var now = await client.GetFromJsonAsync<JsonElement>("/v1/oracle");
            return (now.GetProperty("answered").GetInt64(), now.GetProperty("skipped").GetInt64(), now.GetProperty("lost").GetInt64()) == (1, 1, 1);
        }, "one task is answered, one skipped, one lost");

        var (task, submission, ifMatch) = Assert.Single(submitted);
        Assert.Equal((task.Lease, "\"7\""), (submission.Lease, ifMatch));
        var truth = Truth.OfFrame(OwnFrame)!.Boxes;
        string[] names = ["washer", "nut", "bolt", "gear"];
        Assert.Equal(truth.Select(box => (names[box.Class], box.ToBox())), submission.Boxes.Select(box => (task.ClassNames[box.Class], box.ToBox())));
        Assert.Contains("a-customers-frame", Assert.Single(skipped).Reason);
    }

    [Fact]
    public async Task Annotate_LabelingIsAwayAtFirst_AnswersWhenItComes()
    {
        var labeling = await StartLabelingAsync();
        var url = labeling.Url;
        await labeling.DisposeAsync();
        await using var simulator = SimulatorUnderTest.Create(labeling: url);
        using var client = simulator.CreateStackClient();
        await client.PutAsJsonAsync("/v1/oracle", new { enabled = true });
        await Eventually.TrueAsync(async () => (await client.GetFromJsonAsync<JsonElement>("/v1/oracle")).TryGetProperty("lastProblem", out _), "the trouble is told");
        waiting.Enqueue(Waiting(OwnFrame));
        await using var again = await StartLabelingAsync(url);
        await Eventually.TrueAsync(() => Task.FromResult(!submitted.IsEmpty), "the task is answered");
        var state = await client.PutAsJsonAsync("/v1/oracle", new { enabled = false });
        Assert.False((await state.Content.ReadFromJsonAsync<JsonElement>()).TryGetProperty("lastProblem", out _));
        Assert.Equal(System.Net.HttpStatusCode.BadRequest, (await client.PutAsJsonAsync("/v1/oracle", new { annotators = 99 })).StatusCode);
    }
}

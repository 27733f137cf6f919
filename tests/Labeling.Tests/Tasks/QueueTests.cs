using System.Collections.Concurrent;
using System.Net;
using Dapper;

namespace RetrainLoop.Tests.Labeling.Tasks;

public sealed class QueueTests(PostgresServer postgres) : LabelingService(postgres)
{
    protected override (string, string)[] Settings => [("Labeling:Queue:EvaluationShare", "0.5")];

    [Fact]
    public async Task Claim_ManyAtOnce_HandsEachTaskToOne()
    {
        await MakeTasksAsync([.. await Task.WhenAll(Enumerable.Range(0, 40).Select(async i => (await FrameAsync(i), new[] { Nut(0.5f) })))]);
        var claimed = new ConcurrentBag<Guid>();
        await Task.WhenAll(Enumerable.Range(0, 12).Select(async person =>
        {
            using var client = ClientOf($"person-{person}");
            while (await ClaimAsync(client) is { } task) claimed.Add(task.Id);
        }));
        Assert.Equal(40, claimed.Count);
        Assert.Equal(40, claimed.Distinct().Count());
        var queue = await GetAsync<QueueInfo>($"/v1/deployments/{Line}/queue");
        Assert.Equal((0, 40, 0), (queue.Waiting, queue.Leased, queue.AwaitingPreAnnotation));
        await using var connection = await Database.OpenConnectionAsync();
        Assert.Equal(40, await connection.ExecuteScalarAsync<int>("select count(*) from task_transitions where from_state = 'Waiting' and to_state = 'Leased' and actor like 'person-%'"));
    }

    [Fact]
    public async Task Claim_TrainingLane_GivesTheMostUncertainFirstWithItsDetections()
    {
        var frames = await MakeTasksAsync(
            (await FrameAsync(1), [Nut(0.95f), Nut(0.9f, 50)]), (await FrameAsync(2), [Nut(0.5f)]), (await FrameAsync(3), [Nut(0.7f), Nut(0.1f, 50)]), (await FrameAsync(4), []));
        var order = new List<LabelTask>();
        while (await ClaimAsync() is { } task) order.Add(task);
        Assert.Equal([frames[1], frames[2], frames[3], frames[0]], order.Select(task => task.Frame));
        Assert.Equal((1, "nut"), (order[1].PreAnnotations.Single().Class, order[1].ClassNames[1])); // class 0 of the model is class 1 here; 0.1 is too faint to show
    }

    [Fact]
    public async Task Claim_BothLanes_TakeTurns()
    {
        await MakeTasksAsync([.. await Task.WhenAll(Enumerable.Range(0, 10).Select(async i => (await FrameAsync(i), new[] { Nut(0.5f) })))]);
        await PublishDeploymentAsync(evaluationShare: 1);
        var evaluation = await MakeTasksAsync([.. await Task.WhenAll(Enumerable.Range(10, 10).Select(async i => (await FrameAsync(i), new[] { Nut(0.99f) })))]);
        var first = new List<Guid>();
        for (var i = 0; i < 8; i++) first.Add((await ClaimAsync())!.Frame);
        Assert.Equal(4, first.Count(evaluation.Contains));
    }

    [Fact]
    public async Task PreAnnotate_SameKeyTwice_MakesTheTasksOnce()
    {
        var frame = await FrameAsync(1);
        await TakeInAsync(frame);
        Assert.Equal(1, (await GetAsync<QueueInfo>("/v1/queue")).AwaitingPreAnnotation);
        Assert.Equal(1, await PreAnnotateAsync("key", (frame.Id, [Nut(0.5f)]), (Guid.NewGuid(), [])));
        Assert.Equal(1, await PreAnnotateAsync("key", (frame.Id, [])));
        Assert.Equal(1, (await GetAsync<QueueInfo>("/v1/queue")).Waiting);
        Assert.Single((await ClaimAsync())!.PreAnnotations);
        Assert.Equal(0, await PreAnnotateAsync("later", (frame.Id, []))); // a person has it: nothing changes under their hands
    }

    [Fact]
    public async Task PreAnnotate_DamagedArtifact_IsRefusedWithTheReason()
    {
        var file = await Blobs.PutAsync("not gzip"u8.ToArray(), default);
        var response = await PostAsync("/v1/pre-annotations", new PreAnnotation("key", Line, new ModelRef("line", 1), file));
        await RefusedAsync(HttpStatusCode.UnprocessableEntity, response);
    }
}

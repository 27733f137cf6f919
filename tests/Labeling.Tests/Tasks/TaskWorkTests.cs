using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Dapper;
using Npgsql;

namespace RetrainLoop.Tests.Labeling.Tasks;

public sealed class TaskWorkTests(PostgresServer postgres) : LabelingService(postgres)
{
    static readonly LabelBox[] Typed = [new(1, 10, 10, 20, 20)];

    async Task<LabelTask> ClaimedAsync(HttpClient client)
    {
        await MakeTasksAsync((await FrameAsync(1), [Nut(0.5f)]));
        return (await ClaimAsync(client))!;
    }

    [Fact]
    public async Task Submit_HeldTask_IsAcceptedUnderTheUsersName()
    {
        using var ana = ClientOf("ana");
        var task = await ClaimedAsync(ana);
        var done = await ReadAsync<LabelTask>(await SubmitAsync(task, Typed, ana));
        Assert.Equal((LabelTaskState.Accepted, "ana"), (done.State, done.Annotator));
        Assert.Equal(Typed, done.Boxes);
        var accepted = Assert.Single(await ChangesAsync(ChangeKinds.AnnotationAccepted, 1)).Read<AnnotationAccepted>();
        Assert.Equal((task.Frame, "ana", SampleReason.Random, Noon), (accepted.Frame, accepted.Annotator, accepted.Reason, accepted.CapturedAt));
        await RefusedAsync(HttpStatusCode.Conflict, await SubmitAsync(task, Typed, ana));
        await using var connection = await Database.OpenConnectionAsync();
        await Assert.ThrowsAsync<PostgresException>(() => connection.ExecuteAsync("update annotations set annotator = 'bob'"));
    }

    [Fact]
    public async Task Claim_LeaseRanOut_GoesToTheNextAndTheFirstKeepsOnlyTheirDraft()
    {
        using var ana = ClientOf("ana");
        using var bob = ClientOf("bob");
        var first = await ClaimedAsync(ana);
        Time.Advance(TimeSpan.FromMinutes(4));
        await OkAsync(await ana.PostAsJsonAsync($"/v1/tasks/{first.Id}/heartbeat", new LeaseCommand(first.Lease!.Value), ContractJson.Options));
        Time.Advance(TimeSpan.FromMinutes(4));
        Assert.Null(await ClaimAsync(bob)); // the heartbeat holds
        Time.Advance(TimeSpan.FromMinutes(2));
        var second = (await ClaimAsync(bob))!;
        Assert.Equal((first.Id, "bob"), (second.Id, second.Annotator));

        Assert.Contains("lease", await RefusedAsync(HttpStatusCode.Conflict, await SubmitAsync(first, Typed, ana)), StringComparison.Ordinal);
        var seen = await ReadAsync<LabelTask>(await ana.GetAsync($"/v1/tasks/{first.Id}"));
        Assert.Equal(Typed, seen.Draft);
        Assert.Null(seen.Lease); // bob's
        Assert.Null((await ReadAsync<LabelTask>(await bob.GetAsync($"/v1/tasks/{first.Id}"))).Draft);
        await OkAsync(await SubmitAsync(second, [], bob));
    }

    [Fact]
    public async Task Submit_OldTag_IsStaleAndTheNewerDraftStays()
    {
        using var ana = ClientOf("ana");
        var task = await ClaimedAsync(ana);
        var saved = await ReadAsync<LabelTask>(await SaveDraftAsync(task, Typed, ana));
        Assert.NotEqual(task.ETag, saved.ETag);
        await RefusedAsync(HttpStatusCode.PreconditionFailed, await SubmitAsync(task, [], ana));
        Assert.Equal(Typed, (await ReadAsync<LabelTask>(await ana.GetAsync($"/v1/tasks/{task.Id}"))).Draft);
        await OkAsync(await SubmitAsync(saved, Typed, ana));
    }

    [Fact]
    public async Task Submit_WithoutTagOrWithAWrongBox_IsRefused()
    {
        using var ana = ClientOf("ana");
        var task = await ClaimedAsync(ana);
        await RefusedAsync((HttpStatusCode)428, await ana.PostAsJsonAsync($"/v1/tasks/{task.Id}/submit", new LabelSubmission(task.Lease!.Value, Typed), ContractJson.Options));
        Assert.StartsWith("Box 1", await RefusedAsync(HttpStatusCode.UnprocessableEntity, await SubmitAsync(task, [new(7, 0, 0, 1, 1)], ana)), StringComparison.Ordinal);
        Assert.Equal(LabelTaskState.Leased, (await GetAsync<LabelTask>($"/v1/tasks/{task.Id}")).State);
    }

    [Fact]
    public async Task Skip_HeldTask_IsFinalAndRecordsWhy()
    {
        using var ana = ClientOf("ana");
        var task = await ClaimedAsync(ana);
        await RefusedAsync(HttpStatusCode.UnprocessableEntity, await ana.PostAsJsonAsync($"/v1/tasks/{task.Id}/skip", new LeaseCommand(task.Lease!.Value), ContractJson.Options));
        await OkAsync(await ana.PostAsJsonAsync($"/v1/tasks/{task.Id}/skip", new LeaseCommand(task.Lease!.Value, "too dark"), ContractJson.Options));
        Assert.Null(await ClaimAsync(ana));
        await using var connection = await Database.OpenConnectionAsync();
        Assert.Equal(("Skipped", "too dark", "ana"), await connection.QuerySingleAsync<(string, string, string)>("select to_state, reason, actor from task_transitions order by id desc limit 1"));
    }

    [Fact]
    public async Task Claim_NoKeyOrViewerKey_IsRefused()
    {
        using var nobody = ClientOf("nobody");
        nobody.DefaultRequestHeaders.Authorization = null;
        Assert.Equal(HttpStatusCode.Unauthorized, (await nobody.PostAsync("/v1/tasks/claim", JsonContent.Create(new { }))).StatusCode);
    }
}

using System.Net;
using Microsoft.Extensions.DependencyInjection;
using RetrainLoop.Inference.Deployments;
using RetrainLoop.ServiceDefaults.Blobs;

namespace RetrainLoop.Tests.Inference.Deployments;

/// <summary>What a replica serves while models come late, or do not come.</summary>
public sealed class DeploymentDirectoryTests(PostgresServer postgres, RedisServer redis) : IAsyncLifetime
{
    readonly InferenceService inference = new(postgres, redis);
    readonly string blobs = Directory.CreateTempSubdirectory("retrainloop-blobs-").FullName;
    HttpClient client = null!;

    CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        client = await StartAsync();
        await InferenceService.RegisterAsync(client, "tiny", TinyModel.Create(variant: 1));
        await InferenceService.RegisterAsync(client, "tiny", TinyModel.Create(variant: 2));
        await InferenceService.DeployAsync(client, "line", new DeploymentRequest("tiny", 1));
    }

    public async ValueTask DisposeAsync()
    {
        await inference.DisposeAsync();
        Directory.Delete(blobs, recursive: true);
    }

    [Fact]
    public async Task ApplyAsync_OlderRevisionWithACandidate_IsIgnored()
    {
        var directory = Served;
        var now = directory.Find("line")!.Info;
        var aborted = now with { Revision = now.Revision + 10 };
        await directory.ApplyAsync(aborted, Cancel);
        // A poll that read the table before the abort comes behind it.
        await directory.ApplyAsync(
            aborted with { Revision = aborted.Revision - 1, Candidate = new ModelRef("tiny", 2), CandidateWeight = 1 }, Cancel);
        Assert.Equal((aborted.Revision, null), (directory.Find("line")!.Info.Revision, directory.Find("line")!.Candidate));
    }

    [Fact]
    public async Task Start_BlobStorageIsAway_SaysSoUntilItIsBack()
    {
        await inference.StopAsync();
        inference.BlobReading = _ => throw new BlobStorageException("The blob storage is away.", null);
        client = await StartAsync(("Deployments:PollSeconds", "0.2"));
        await Eventually.TrueAsync(async () => (await AnswerAsync()).Detail.Contains("The blob storage is away"), "the deployment is known to be missing");
        var response = await client.SendAsync(InferenceService.Predict("line", TestImage.Gray(20)), Cancel);
        Assert.True(response.Headers.RetryAfter?.Delta > TimeSpan.Zero);
        Assert.Contains("line cannot be served by this instance now",
            await InferenceService.RefusalAsync(response, HttpStatusCode.ServiceUnavailable));
        Assert.False(Served.IsLoaded);

        inference.BlobReading = _ => Task.CompletedTask;
        await Eventually.TrueAsync(async () => (await AnswerAsync()).Status == HttpStatusCode.OK, "it is served");
        await Eventually.TrueAsync(() => Task.FromResult(Served.IsLoaded), "the replica is ready");
    }

    [Fact]
    public async Task Start_OneFileCannotBeRead_IsReadyForTheOthersAndGetsItLater()
    {
        var unread = await InferenceService.RegisterAsync(client, "unread", TinyModel.Create(variant: 6));
        await InferenceService.DeployAsync(client, "other", new DeploymentRequest("unread", 1));
        await inference.StopAsync();
        inference.BlobReading = sha256 => sha256 == unread.Sha256 ? throw new UnauthorizedAccessException("Not for this process.") : Task.CompletedTask;
        client = await StartAsync(("Deployments:PollSeconds", "0.2"));
        await Eventually.TrueAsync(() => Task.FromResult(Served.IsLoaded), "the replica is ready");
        Assert.Equal(HttpStatusCode.OK, (await AnswerAsync()).Status);
        Assert.Contains("Not for this process", await InferenceService.RefusalAsync(
            await client.SendAsync(InferenceService.Predict("other", TestImage.Gray(20)), Cancel), HttpStatusCode.ServiceUnavailable));
        inference.BlobReading = _ => Task.CompletedTask;
        await Eventually.TrueAsync(async () => (await client.SendAsync(InferenceService.Predict("other", TestImage.Gray(20)), Cancel)).IsSuccessStatusCode,
            "it is served");
    }

    [Fact]
    public async Task Start_ModelIsGoneForGood_KeepsNoOtherDeploymentAway()
    {
        var gone = await InferenceService.RegisterAsync(client, "gone", TinyModel.Create(variant: 3));
        await InferenceService.DeployAsync(client, "broken", new DeploymentRequest("gone", 1));
        await inference.StopAsync();
        File.Delete(Directory.EnumerateFiles(blobs, $"*{gone.Sha256}*", SearchOption.AllDirectories).Single());
        client = await StartAsync();
        await Eventually.TrueAsync(() => Task.FromResult(Served.IsLoaded), "the replica is ready");
        Assert.Equal(HttpStatusCode.OK, (await AnswerAsync()).Status);
        var refusal = await client.SendAsync(InferenceService.Predict("broken", TestImage.Gray(20)), Cancel);
        Assert.Contains("The file of gone v1", await InferenceService.RefusalAsync(refusal, HttpStatusCode.ServiceUnavailable));
    }

    [Fact]
    public async Task Put_WhileAnotherModelLoads_DoesNotWaitForIt()
    {
        var slow = await InferenceService.RegisterAsync(client, "slow", TinyModel.Create(variant: 4));
        var loading = new TaskCompletionSource();
        inference.BlobReading = sha256 => sha256 == slow.Sha256 ? loading.Task : Task.CompletedTask;
        var other = InferenceService.DeployAsync(client, "other", new DeploymentRequest("slow", 1));
        await InferenceService.DeployAsync(client, "line", new DeploymentRequest("tiny", 2, Force: true, Reason: "test"));
        Assert.False(other.IsCompleted);
        loading.SetResult();
        Assert.Equal("slow", (await other).Champion.Name);
    }

    [Fact]
    public async Task Poll_OneModelLoadsSlowly_BringsTheOthersChanges()
    {
        var slow = await InferenceService.RegisterAsync(client, "slow", TinyModel.Create(variant: 5));
        var loading = new TaskCompletionSource();
        await InferenceService.DeployAsync(client, "other", new DeploymentRequest("slow", 1));
        await inference.StopAsync();
        inference.BlobReading = sha256 => sha256 == slow.Sha256 ? loading.Task : Task.CompletedTask;
        client = await StartAsync(("Deployments:PollSeconds", "0.2"));
        await Eventually.TrueAsync(async () => (await AnswerAsync()).Status == HttpStatusCode.OK, "the other deployment is served");
        Assert.False(Served.IsLoaded); // not all of them are
        loading.SetResult();
        await Eventually.TrueAsync(() => Task.FromResult(Served.IsLoaded), "the replica is ready");
    }

    DeploymentDirectory Served => inference.Service.Services.GetRequiredService<DeploymentDirectory>();

    Task<HttpClient> StartAsync(params (string, string)[] more) =>
        inference.StartAsync([("Blobs:Root", blobs), ("Telemetry:Enabled", "false"), .. more]);

    async Task<(HttpStatusCode Status, string Detail)> AnswerAsync()
    {
        using var response = await client.SendAsync(InferenceService.Predict("line", TestImage.Gray(20)), Cancel);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(Cancel));
    }
}

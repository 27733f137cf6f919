using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using Dapper;
using Npgsql;
using RetrainLoop.Tests.Training.Data;

namespace RetrainLoop.Tests.Training.Runs;

/// <summary>The service with a real database; each run trains in a real process.</summary>
public sealed class RunsTests(PostgresServer postgres, RedisServer redis) : IAsyncLifetime
{
    readonly TemporaryFolder folder = new();
    string database = "";
    LabelingStub labeling = null!;
    ServiceUnderTest<Program> service = null!;
    HttpClient client = null!;

    string WorkFolder => folder["work"];

    public async ValueTask InitializeAsync()
    {
        labeling = await LabelingStub.StartAsync(ShapesDataset.Write(folder["shapes"], train: 8, validation: 4));
        database = await postgres.CreateDatabaseAsync();
        service = Start(database, workers: 1);
        client = service.CreateStackClient();
    }

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        await service.DisposeAsync();
        await labeling.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task Queue_TinyDataset_SucceedsAndPublishesItsResults()
    {
        var queued = await QueueAsync(Request(epochs: 2));
        Assert.Equal(TrainingRunState.Queued, queued.State);
        var again = await QueueAsync(Request(epochs: 2));
        Assert.Equal(queued.Id, again.Id);

        var run = await FinishedAsync(queued.Id);

        Assert.True(run.State == TrainingRunState.Succeeded, run.Error);
        Assert.Equal([1, 2], run.Epochs.Select(epoch => epoch.Epoch));
        Assert.True(run.Metrics!.ContainsKey("mAP50") && run.Metrics.ContainsKey("mAP50-95"));
        Assert.Equal(run.Onnx!.Length, (await client.GetByteArrayAsync(new Uri(run.Onnx.Uri).PathAndQuery)).Length);
        Assert.Equal(run.Checkpoint!.Length, (await client.GetByteArrayAsync(new Uri(run.Checkpoint.Uri).PathAndQuery)).Length);
        Assert.Empty(Directory.GetFileSystemEntries(WorkFolder));
        var change = Assert.Single((await client.GetFromJsonAsync<ChangePage>("/v1/changes", ContractJson.Options))!.Changes);
        Assert.Equal((ChangeKinds.TrainingRunFinished, run.Id), (change.Kind, change.Read<TrainingRunInfo>().Id));
    }

    [Fact]
    public async Task Run_ProcessKilled_GoesOnFromItsLastCheckpoint()
    {
        var queued = await QueueAsync(Request(epochs: 40));
        await ReachedEpochAsync(queued.Id, 3);
        var before = (await GetAsync(queued.Id)).Epochs;
        using (var child = ChildOf(queued.Id)) child.Kill();

        var run = await FinishedAsync(queued.Id);
        Assert.True(run.State == TrainingRunState.Succeeded, run.Error);
        Assert.Equal(Enumerable.Range(1, 40), run.Epochs.Select(epoch => epoch.Epoch));
        Assert.Equal(before, run.Epochs.Take(before.Count)); // also their times: they were not trained again
        Assert.Equal(["Queued Running", "Running Queued", "Queued Running", "Running Succeeded"], await TransitionsAsync(queued.Id));
    }

    [Fact]
    public async Task Run_WorkerGoneWithItsLease_IsTakenUpByAnother()
    {
        var elsewhere = await postgres.CreateDatabaseAsync();
        Guid id;
        await using (var idle = Start(elsewhere, workers: 0))
        {
            using var stack = idle.CreateStackClient();
            var response = await stack.PostAsJsonAsync("/v1/runs", Request(epochs: 1), ContractJson.Options);
            id = (await response.Content.ReadFromJsonAsync<TrainingRunInfo>(ContractJson.Options))!.Id;
        }
        await using (var connection = new NpgsqlConnection(elsewhere))
            await connection.ExecuteAsync("update training_runs set state = 'Running', attempt = 1, worker = gen_random_uuid(), lease_until = '2026-01-01'");

        await using var alive = Start(elsewhere, workers: 1);
        client = alive.CreateStackClient();
        var run = await FinishedAsync(id);
        Assert.True(run.State == TrainingRunState.Succeeded, run.Error);
    }

    [Fact]
    public async Task Cancel_RunningRun_EndsItsProcess()
    {
        var queued = await QueueAsync(Request(epochs: 500));
        await ReachedEpochAsync(queued.Id, 1);
        using var child = ChildOf(queued.Id);

        var response = await client.PostAsync($"/v1/runs/{queued.Id}/cancel", null);
        Assert.Equal(TrainingRunState.Cancelled, (await response.Content.ReadFromJsonAsync<TrainingRunInfo>(ContractJson.Options))!.State);
        await child.WaitForExitAsync(TestContext.Current.CancellationToken);
        await Eventually.TrueAsync(() => Task.FromResult(Directory.GetFileSystemEntries(WorkFolder).Length == 0), "the run's files are gone");
        Assert.Equal(HttpStatusCode.Conflict, (await client.PostAsync($"/v1/runs/{queued.Id}/cancel", null)).StatusCode);
    }

    [Fact]
    public async Task Queue_ExportHasOtherClassesOrIsGone_FailsWithASentence()
    {
        var request = Request(epochs: 1);
        var otherClasses = await QueueAsync(request with { Key = "classes", Dataset = request.Dataset with { ClassNames = ["nut"] } });
        var gone = await QueueAsync(request with { Key = "gone", Dataset = request.Dataset with { Export = "http://labeling/v1/datasets/other" } });
        Assert.Contains("but nut were promised", (await FinishedAsync(otherClasses.Id)).Error);
        Assert.Contains("404", (await FinishedAsync(gone.Id)).Error);
    }

    [Theory]
    [InlineData(0, 64, "must be between")]
    [InlineData(1, 100, "multiple of 32")]
    public async Task Queue_ImpossibleHyperparameters_IsRefused(int epochs, int imageSize, string reason)
    {
        var request = Request(epochs);
        request = request with { Hyperparameters = request.Hyperparameters with { ImageSize = imageSize } };
        var response = await client.PostAsJsonAsync("/v1/runs", request, ContractJson.Options);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, response.StatusCode);
        Assert.Contains(reason, await response.Content.ReadAsStringAsync());
    }

    ServiceUnderTest<Program> Start(string database, int workers) => new(ServiceUnderTest<Program>.Settings(
        "trainingdb", database, redis.ConnectionString,
        ("services:labeling:http:0", labeling.Url), ("Training:WorkFolder", WorkFolder), ("Training:PollSeconds", "0.1"), ("Training:HeartbeatSeconds", "0.2"),
        ("Training:Niceness", "0"), ("Training:Workers", $"{workers}")));

    static TrainingRunRequest Request(int epochs) => new(
        "key", "line",
        new DatasetVersionInfo(
            "shapes", 1, "hash", DatasetRole.Training, "line", ShapesDataset.ClassNames, 12, 24, 8, 4, null, null,
            "http://labeling/manifest", "http://labeling/truth", "http://labeling/v1/datasets/shapes/versions/1/export?format=yolo", DateTimeOffset.UnixEpoch),
        Base: null, Checkpoint: null, new Hyperparameters(Epochs: epochs, ImageSize: ShapesDataset.Side, Patience: 1000));

    async Task<TrainingRunInfo> QueueAsync(TrainingRunRequest request)
    {
        var response = await client.PostAsJsonAsync("/v1/runs", request, ContractJson.Options);
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        return (await response.Content.ReadFromJsonAsync<TrainingRunInfo>(ContractJson.Options))!;
    }

    async Task<TrainingRunInfo> GetAsync(Guid id) => (await client.GetFromJsonAsync<TrainingRunInfo>($"/v1/runs/{id}", ContractJson.Options))!;

    /// <summary>The training process of a run: the one whose command line names its folder.</summary>
    static Process ChildOf(Guid run) => Process.GetProcesses().Single(process =>
        File.Exists($"/proc/{process.Id}/cmdline") && File.ReadAllText($"/proc/{process.Id}/cmdline").Contains(run.ToString("N"), StringComparison.Ordinal));

    async Task<IEnumerable<string>> TransitionsAsync(Guid run)
    {
        await using var connection = new NpgsqlConnection(database);
        return await connection.QueryAsync<string>("select from_state || ' ' || to_state from run_transitions where run = @run order by id", new { run });
    }

    Task ReachedEpochAsync(Guid id, int epoch) => Eventually.TrueAsync(async () => (await GetAsync(id)).Epochs.Count >= epoch, $"epoch {epoch} is done");

    Task<TrainingRunInfo> FinishedAsync(Guid id) => Eventually.NotNullAsync(
        async () => await GetAsync(id) is { State: not (TrainingRunState.Queued or TrainingRunState.Running) } run ? run : null, "the run ends");
}

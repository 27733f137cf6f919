using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;

namespace RetrainLoop.Tests.Inference.Deployments;

public sealed class SwapTests(PostgresServer postgres, RedisServer redis) : IAsyncLifetime
{
    readonly InferenceService inference = new(postgres, redis);
    readonly string blobs = Directory.CreateTempSubdirectory("retrainloop-blobs-").FullName;
    HttpClient client = null!;

    public async ValueTask InitializeAsync()
    {
        client = await inference.StartAsync(("Blobs:Root", blobs), ("Telemetry:Enabled", "false"));
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
    public async Task Put_ForcedSwapsUnderLoad_FailNoRequestAndNeverMixModels()
    {
        using var done = new CancellationTokenSource();
        var answers = new ConcurrentBag<(int Version, float X)>();
        var image = TestImage.Gray(20);
        var callers = Enumerable.Range(0, 6).Select(_ => Task.Run(async () =>
        {
            while (!done.IsCancellationRequested)
            {
                var response = await InferenceService.ReadAsync<PredictResponse>(await client.SendAsync(InferenceService.Predict("line", image)));
                answers.Add((response.Model.Version, Assert.Single(response.Images[0].Boxes).X));
            }
        })).ToList();
        for (var swap = 0; swap < 20; swap++)
        {
            var seen = answers.Count;
            await InferenceService.DeployAsync(client, "line",
                new DeploymentRequest("tiny", swap % 2 == 0 ? 2 : 1, Force: true, Reason: "swap test"));
            await Eventually.TrueAsync(() => Task.FromResult(answers.Count > seen + 12 || callers.Any(caller => caller.IsFaulted)),
                "frames were answered after the swap");
        }
        await done.CancelAsync();
        await Task.WhenAll(callers);
        TestContext.Current.TestOutputHelper?.WriteLine($"{answers.Count} requests answered during 20 swaps, none failed");
        // The first box begins at 22 + variant: the model named is the one that computed.
        Assert.All(answers, answer => Assert.Equal(22 + answer.Version, answer.X, 0.01f));
        Assert.Equal([1, 2], answers.Select(answer => answer.Version).Distinct().Order());
    }

    [Fact]
    public async Task Put_HeavyModelUnderLoad_MakesNobodyWaitForItsLoading()
    {
        await InferenceService.RegisterAsync(client, "heavy", TinyModel.Create(variant: 3, links: 3000));
        await InferenceService.RegisterAsync(client, "heavy", TinyModel.Create(variant: 4, links: 3000));
        using var done = new CancellationTokenSource();
        var image = TestImage.Gray(20);
        var answers = new ConcurrentBag<(TimeSpan From, TimeSpan To)>();
        var started = TimeProvider.System.GetTimestamp();
        var callers = Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            while (!done.IsCancellationRequested)
            {
                var from = TimeProvider.System.GetElapsedTime(started);
                using var response = await client.SendAsync(InferenceService.Predict("line", image));
                Assert.Equal(HttpStatusCode.OK, response.StatusCode);
                answers.Add((from, TimeProvider.System.GetElapsedTime(started)));
            }
        })).ToList();
        var swaps = new List<(TimeSpan From, TimeSpan To)>();
        for (var swap = 0; swap < 6; swap++)
        {
            var from = TimeProvider.System.GetElapsedTime(started);
            await InferenceService.DeployAsync(client, "line", new DeploymentRequest("heavy", 1 + swap % 2, Force: true, Reason: "swap test"));
            swaps.Add((from, TimeProvider.System.GetElapsedTime(started)));
        }
        await done.CancelAsync();
        await Task.WhenAll(callers);
        var during = answers.Where(answer => swaps.Any(swap => answer.From > swap.From && answer.From < swap.To)).ToList();
        var median = during.Select(answer => answer.To - answer.From).Order().ElementAt(during.Count / 2);
        var shortestSwap = swaps.Min(swap => swap.To - swap.From);
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{answers.Count} requests, none failed; {during.Count} begun during 6 swaps of {shortestSwap.TotalMilliseconds:F0} ms or more, "
            + $"median {median.TotalMilliseconds:F1} ms, longest {during.Max(answer => answer.To - answer.From).TotalMilliseconds:F1} ms");
        // Whoever had to wait for the loading would wait about as long as the swap takes.
        Assert.True(during.Count >= 6 * 4, $"only {during.Count} requests were begun during the swaps");
        Assert.True(median < shortestSwap / 4, $"median {median.TotalMilliseconds} ms during swaps of {shortestSwap.TotalMilliseconds} ms");
    }

    [Fact]
    public async Task Put_ModelThatNoLongerLoads_KeepsTheOldAndTheRevision()
    {
        var broken = await InferenceService.RegisterAsync(client, "broken", TinyModel.Create(variant: 7));
        File.Delete(Directory.EnumerateFiles(blobs, $"*{broken.Sha256}*", SearchOption.AllDirectories).Single());
        var before = await InferenceService.ReadAsync<DeploymentInfo>(await client.GetAsync("/v1/deployments/line"));
        var refusal = await client.PutAsJsonAsync(
            "/v1/deployments/line", new DeploymentRequest("broken", 1, Force: true, Reason: "x"), ContractJson.Options);
        Assert.Contains("file of broken v1", await InferenceService.RefusalAsync(refusal, HttpStatusCode.UnprocessableEntity));
        var after = await InferenceService.ReadAsync<DeploymentInfo>(await client.GetAsync("/v1/deployments/line"));
        Assert.Equal((before.Revision, before.Champion), (after.Revision, after.Champion));
        Assert.Equal(1, (await PredictAsync(client)).Model.Version);
    }

    [Fact]
    public async Task Change_WhoseNoticeIsLost_IsFoundByThePoll()
    {
        Assert.InRange(new RetrainLoop.Inference.Deployments.DeploymentOptions().PollSeconds, 0.1, 10); // what replicas do by default
        var other = await inference.StartAsync(("Blobs:Root", blobs), ("Telemetry:Enabled", "false"), ("Deployments:PollSeconds", "1"));
        await Eventually.TrueAsync(async () => (await other.SendAsync(InferenceService.Predict("line", TestImage.Gray(20)))).IsSuccessStatusCode,
            "the second replica serves");
        // The first replica's change without its notice.
        await using (var connection = new Npgsql.NpgsqlConnection(inference.Database))
        {
            await connection.OpenAsync(TestContext.Current.CancellationToken);
            await using var change = new Npgsql.NpgsqlCommand(
                "update deployments set champion_version = 2, revision = revision + 1 where name = 'line'", connection);
            Assert.Equal(1, await change.ExecuteNonQueryAsync(TestContext.Current.CancellationToken));
        }
        await Eventually.TrueAsync(async () => (await PredictAsync(other)).Model.Version == 2, "the second replica found the change",
            TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task Put_ModelThatIsNotThere_KeepsTheOld()
    {
        var refusal = await client.PutAsJsonAsync(
            "/v1/deployments/line", new DeploymentRequest("tiny", 9, Force: true, Reason: "x"), ContractJson.Options);
        Assert.Contains("tiny v9", await InferenceService.RefusalAsync(refusal, HttpStatusCode.UnprocessableEntity));
        Assert.Equal(1, (await PredictAsync(client)).Model.Version);
    }

    [Fact]
    public async Task Put_OnOneReplica_ReachesTheOtherByNotice()
    {
        var other = await inference.StartAsync(("Blobs:Root", blobs), ("Telemetry:Enabled", "false"), ("Deployments:PollSeconds", "600"));
        await Eventually.TrueAsync(async () => (await other.SendAsync(InferenceService.Predict("line", TestImage.Gray(20)))).IsSuccessStatusCode,
            "the second replica serves");
        await InferenceService.DeployAsync(client, "line", new DeploymentRequest("tiny", 2, Force: true, Reason: "converge"));
        await Eventually.TrueAsync(async () => (await PredictAsync(other)).Model.Version == 2, "the second replica heard of the change");
    }

    static async Task<PredictResponse> PredictAsync(HttpClient client) =>
        await InferenceService.ReadAsync<PredictResponse>(await client.SendAsync(InferenceService.Predict("line", TestImage.Gray(20))));
}

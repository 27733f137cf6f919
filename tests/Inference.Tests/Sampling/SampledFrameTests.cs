using System.Net;
using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using RetrainLoop.Inference.Sampling;
using RetrainLoop.ServiceDefaults.Blobs;
using SkiaSharp;

namespace RetrainLoop.Tests.Inference.Sampling;

public sealed class SampledFrameTests(PostgresServer postgres, RedisServer redis) : IAsyncLifetime
{
    readonly InferenceService inference = new(postgres, redis);
    HttpClient client = null!;

    public async ValueTask InitializeAsync()
    {
        client = await inference.StartAsync(("Sampling:RetentionDays", "0.001"), ("Sampling:RetentionIntervalSeconds", "3600"), ("Sampling:Backlog", "8"));
        await InferenceService.RegisterAsync(client, "tiny", TinyModel.Create());
        await InferenceService.DeployAsync(client, "line",
            new DeploymentRequest("tiny", 1, Sampling: new SamplingPolicy(RandomPerCameraHour: 1_000_000)));
    }

    public ValueTask DisposeAsync() => inference.DisposeAsync();

    [Fact]
    public async Task Predict_RandomFrame_IsKeptWithWhatTheModelSaw()
    {
        var captured = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
        await InferenceService.ReadAsync<PredictResponse>(await client.SendAsync(InferenceService.Predict(
            "line", TestImage.Gray(51), "?conf=0.99", ("X-Frame-Id", "f1"), ("X-Camera", "c1"), ("X-Captured-At", captured.ToString("O")))));
        var page = await Eventually.NotNullAsync(async () =>
            await InferenceService.ReadAsync<FramePage>(await client.GetAsync("/v1/deployments/line/frames")) is { Frames.Count: > 0 } found ? found
                : null, "the frame is kept");
        var frame = Assert.Single(page.Frames);
        Assert.Equal(("f1", "c1", captured, SampleReason.Random, new ModelRef("tiny", 1)),
            (frame.FrameId, frame.Camera, frame.CapturedAt, frame.Reason, frame.Model));
        var detection = Assert.Single(frame.Detections); // at the operating point, not at the caller's 0.99
        Assert.Equal(("dark", 0.8f), (detection.Name, MathF.Round(detection.Confidence, 2)));
        Assert.Equal([0.2f, 0.4f], frame.Embedding!.Select(value => MathF.Round(value, 3)));
        Assert.Equal((51, 0, 0), ((int)frame.Statistics.Brightness, (int)frame.Statistics.Contrast, (int)frame.Statistics.Sharpness));
        var blob = await client.GetAsync(new Uri(frame.Image.Uri).AbsolutePath);
        Assert.Equal(frame.Image.Length, (await blob.Content.ReadAsByteArrayAsync()).Length);
        var change = Assert.Single(await InferenceService.ChangesAsync(client, "frame.sampled", 1));
        Assert.Equal(frame.Id, change.Read<SampledFrame>().Id);
    }

    [Fact]
    public async Task Keep_StorageTimesOut_LosesThatFrameAndKeepsTheNext()
    {
        inference.BlobFault = new TaskCanceledException("The storage took too long.");
        await client.SendAsync(InferenceService.Predict("line", TestImage.Gray(54), headers: ("X-Frame-Id", "lost")));
        await Eventually.TrueAsync(() => Task.FromResult(inference.BlobFaults > 0), "the frame met the broken storage");
        inference.BlobFault = null;
        await client.SendAsync(InferenceService.Predict("line", TestImage.Gray(55), headers: ("X-Frame-Id", "kept")));
        var kept = await Eventually.NotNullAsync(async () =>
            (await InferenceService.ReadAsync<FramePage>(await client.GetAsync("/v1/deployments/line/frames"))).Frames.FirstOrDefault(),
                "the next frame is kept");
        Assert.Equal("kept", kept.FrameId);
    }

    [Fact]
    public async Task Keep_StorageAwayForAWhile_WritesTheFrameLaterAndSaysSoOnce()
    {
        inference.BlobFault = new BlobStorageException("The blob storage does not answer.", null);
        await client.SendAsync(InferenceService.Predict("line", TestImage.Gray(56), headers: ("X-Frame-Id", "first")));
        await client.SendAsync(InferenceService.Predict("line", TestImage.Gray(57), headers: ("X-Frame-Id", "second")));
        await Eventually.TrueAsync(() => Task.FromResult(inference.BlobFaults >= 3), "writing is tried again");
        inference.BlobFault = null;
        var page = await Eventually.NotNullAsync(async () =>
            await InferenceService.ReadAsync<FramePage>(await client.GetAsync("/v1/deployments/line/frames")) is { Frames.Count: 2 } found ? found : null,
            "both frames are kept");
        Assert.Equal(["first", "second"], page.Frames.Select(frame => frame.FrameId));
        Assert.Single(inference.Log.Messages, message => message.StartsWith("Sampled frames wait", StringComparison.Ordinal));
        Assert.Single(inference.Log.Messages, message => message.StartsWith("Sampled frames are written again", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Keep_StorageAwayForLong_KeepsTheBacklogAndCountsTheRest()
    {
        inference.BlobFault = new IOException("The disk is full.");
        await Eventually.TrueAsync(async () =>
            (await client.SendAsync(InferenceService.Predict("line", TestImage.Gray(58)))).IsSuccessStatusCode && inference.BlobFaults > 0, "the outage is met");
        for (var frame = 0; frame < 20; frame++)
            await InferenceService.ReadAsync<PredictResponse>(await client.SendAsync(InferenceService.Predict("line", TestImage.Gray((byte)(60 + frame)))));
        await Eventually.TrueAsync(() => Task.FromResult(inference.Log.Messages.Any(message => message.Contains("was not kept"))), "the backlog is full");
        inference.BlobFault = null;
        await Eventually.TrueAsync(() => Task.FromResult(inference.Log.Messages.Any(message => message.Contains("were not kept"))), "the losses are told");
        Assert.Single(inference.Log.Messages, message => message.Contains("was not kept"));
        Assert.NotEmpty((await InferenceService.ReadAsync<FramePage>(await client.GetAsync("/v1/deployments/line/frames"))).Frames);
    }

    [Fact]
    public async Task Expire_OldFrame_DeletesItsBytesAndKeepsItsRow()
    {
        await client.SendAsync(InferenceService.Predict("line", TestImage.Gray(52)));
        var frame = await Eventually.NotNullAsync(async () =>
            (await InferenceService.ReadAsync<FramePage>(await client.GetAsync("/v1/deployments/line/frames"))).Frames.FirstOrDefault(),
                "the frame is kept");
        var retention = inference.Service.Services.GetRequiredService<FrameRetention>();
        await retention.RunOnceAsync(default);
        Assert.True(await inference.Service.Services.GetRequiredService<IBlobStorage>().HasAsync(frame.Image.Sha256, default)); // not old enough
        await using (var database = Npgsql.NpgsqlDataSource.Create(inference.Database))
        await using (var age = database.CreateCommand("update sampled_frames set sampled_at = sampled_at - interval '1 day'"))
            await age.ExecuteNonQueryAsync();
        await retention.RunOnceAsync(default);
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync(new Uri(frame.Image.Uri).AbsolutePath)).StatusCode);
        Assert.Equal(frame.Id, (await InferenceService.ReadAsync<SampledFrame>(await client.GetAsync($"/v1/frames/{frame.Id}"))).Id);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)] // what else consists of the same bytes keeps them
    public async Task Erase_Frame_LeavesARowThatShowsNothingOfIt(bool isNeededElsewhere)
    {
        await client.SendAsync(InferenceService.Predict("line", TestImage.Gray(51), headers: ("X-Frame-Id", "erased")));
        await client.SendAsync(InferenceService.Predict("line", TestImage.Gray(51), headers: ("X-Frame-Id", "twin")));
        await client.SendAsync(InferenceService.Predict("line", TestImage.Gray(52), headers: ("X-Frame-Id", "other")));
        var frames = (await Eventually.NotNullAsync(async () =>
            await InferenceService.ReadAsync<FramePage>(await client.GetAsync("/v1/deployments/line/frames")) is { Frames.Count: 3 } found ? found : null,
            "all frames are kept")).Frames;
        await using var database = Npgsql.NpgsqlDataSource.Create(inference.Database);
        if (isNeededElsewhere) await ChangeAsync(database,
            $$"""update model_versions set info = jsonb_set(info, '{checkpoint}', '{"sha256": "{{frames[0].Image.Sha256}}"}')""");
        for (var time = 0; time < 2; time++)
            Assert.Equal(HttpStatusCode.NoContent, (await client.DeleteAsync($"/v1/frames/{frames[0].Id}")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await client.DeleteAsync($"/v1/frames/{Guid.NewGuid()}")).StatusCode);

        Assert.Equal(isNeededElsewhere, await inference.Service.Services.GetRequiredService<IBlobStorage>().HasAsync(frames[0].Image.Sha256, default));
        foreach (var erased in frames.Take(2))
        {
            var left = await InferenceService.ReadAsync<SampledFrame>(await client.GetAsync($"/v1/frames/{erased.Id}"));
            Assert.Equal((erased.FrameId, 0, null), (left.FrameId, left.Detections.Count, left.Embedding));
        }
        Assert.Equal("other", Assert.Single(
            (await InferenceService.ReadAsync<FramePage>(await client.GetAsync("/v1/deployments/line/frames"))).Frames).FrameId);
        var told = (await InferenceService.ChangesAsync(client, "frame.sampled", 3)).Select(change => change.Read<SampledFrame>()).ToList();
        Assert.Equal([true, true, false], told.Select(frame => frame.Detections.Count == 0 && frame.Embedding is null));
    }

    [Fact]
    public async Task Expire_NoRoom_TakesFramesForEmbeddingsAloneFirst()
    {
        await KeepAsync("old", "new");
        await using var database = Npgsql.NpgsqlDataSource.Create(inference.Database);
        await ChangeAsync(database, "update sampled_frames set length = 100, reason = case info ->> 'frameId' when 'new' then 'embeddingOnly' else 'random' end");
        var (gone, _) = Assert.Single(await SampledFrameSql.ExpiredAsync(database, DateTimeOffset.MinValue, 150, default));
        Assert.Equal("new", (await SampledFrameSql.FindAsync(database, gone, default))!.FrameId);
        Assert.Equal(2, (await SampledFrameSql.ExpiredAsync(database, DateTimeOffset.MinValue, 50, default)).Count);
    }

    [Fact]
    public async Task Expire_OldEmbeddings_DeletesRowsOfFramesForThemAlone()
    {
        await KeepAsync("old", "recent", "random");
        await using var database = Npgsql.NpgsqlDataSource.Create(inference.Database);
        await ChangeAsync(database,
            """
            update sampled_frames set sampled_at = sampled_at - case info ->> 'frameId' when 'recent' then interval '80 days' else interval '91 days' end,
                reason = case info ->> 'frameId' when 'random' then 'random' else 'embeddingOnly' end
            """);
        var retention = inference.Service.Services.GetRequiredService<FrameRetention>();
        await retention.RunOnceAsync(default); // lets them expire
        await retention.RunOnceAsync(default);
        await using var left = database.CreateCommand("select string_agg(info ->> 'frameId', ' ' order by position) from sampled_frames");
        Assert.Equal("recent random", await left.ExecuteScalarAsync());
    }

    async Task KeepAsync(params string[] names)
    {
        foreach (var (index, name) in names.Index())
            await client.SendAsync(InferenceService.Predict("line", TestImage.Gray((byte)(70 + index)), headers: ("X-Frame-Id", name)));
        await Eventually.TrueAsync(async () =>
            (await InferenceService.ReadAsync<FramePage>(await client.GetAsync("/v1/deployments/line/frames"))).Frames.Count == names.Length, "all frames are kept");
    }

    static async Task ChangeAsync(Npgsql.NpgsqlDataSource database, string sql)
    {
        await using var command = database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    [Theory]
    [InlineData("insert into detection_jobs (id, key, request, state, total, result, created_at) "
        + "values (gen_random_uuid(), 'job', '{}', 'Succeeded', 0, jsonb_build_object('sha256', $1), now())")]
    [InlineData("update model_versions set info = jsonb_set(info, '{checkpoint}', jsonb_build_object('sha256', $1))")]
    public async Task Expire_FrameWhoseBytesAreNeededElsewhere_KeepsThem(string otherOwner)
    {
        await client.SendAsync(InferenceService.Predict("line", TestImage.Gray(53)));
        var frame = await Eventually.NotNullAsync(async () =>
            (await InferenceService.ReadAsync<FramePage>(await client.GetAsync("/v1/deployments/line/frames"))).Frames.FirstOrDefault(),
                "the frame is kept");
        await using (var database = Npgsql.NpgsqlDataSource.Create(inference.Database))
        {
            await using var own = database.CreateCommand(otherOwner);
            own.Parameters.Add(new Npgsql.NpgsqlParameter { Value = frame.Image.Sha256, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text });
            await own.ExecuteNonQueryAsync();
            await using var age = database.CreateCommand("update sampled_frames set sampled_at = sampled_at - interval '1 day'");
            await age.ExecuteNonQueryAsync();
        }
        await inference.Service.Services.GetRequiredService<FrameRetention>().RunOnceAsync(default);
        Assert.Empty((await InferenceService.ReadAsync<FramePage>(await client.GetAsync("/v1/deployments/line/frames"))).Frames);
        Assert.True(await inference.Service.Services.GetRequiredService<IBlobStorage>().HasAsync(frame.Image.Sha256, default));
    }

    [Fact]
    public async Task PutSampling_Policy_IsTakenAndNonsenseRefused()
    {
        var changed = await InferenceService.ReadAsync<DeploymentInfo>(
            await client.PutAsJsonAsync("/v1/deployments/line/sampling", new SamplingPolicy(RandomPerCameraHour: 5), ContractJson.Options));
        Assert.Equal((5.0, 2L), (changed.Sampling.RandomPerCameraHour, changed.Revision));
        Assert.Equal(HttpStatusCode.BadRequest,
            (await client.PutAsJsonAsync("/v1/deployments/line/sampling", new SamplingPolicy(BandLow: 2), ContractJson.Options)).StatusCode);
    }
}

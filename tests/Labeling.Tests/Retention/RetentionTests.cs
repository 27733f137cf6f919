using System.Net;
using Microsoft.Extensions.DependencyInjection;
using RetrainLoop.Labeling.Retention;

namespace RetrainLoop.Tests.Labeling.Retention;

public sealed class RetentionTests(PostgresServer postgres) : LabelingService(postgres)
{
    async Task<bool> HasBytesAsync(SampledFrame frame)
    {
        await using var stream = await Blobs.OpenReadAsync(frame.Image.Sha256, TestContext.Current.CancellationToken);
        return stream is not null;
    }

    [Fact]
    public async Task Expire_OldPictures_LosesOnlyThoseThatNothingHolds()
    {
        var (loose, waiting, skipped) = (await FrameAsync(1), await FrameAsync(2), await FrameAsync(3));
        await TakeInAsync(loose);
        await MakeTasksAsync((skipped, []));
        var task = (await ClaimAsync())!;
        await OkAsync(await PostAsync($"/v1/tasks/{task.Id}/skip", new LeaseCommand(task.Lease!.Value, "dark")));
        await MakeTasksAsync((waiting, []));
        Time.Advance(TimeSpan.FromDays(13));
        var young = await FrameAsync(4);
        await TakeInAsync(young);
        Time.Advance(TimeSpan.FromDays(2));
        await Services.GetRequiredService<Expiry>().RunOnceAsync(default);
        var kept = await Task.WhenAll(new[] { loose, waiting, skipped, young }.Select(HasBytesAsync));
        Assert.Equal([false, true, false, true], kept);
        Assert.Equal(0, await PreAnnotateAsync("late", (loose.Id, [])));
    }

    [Fact]
    public async Task Erase_FrameInADataset_LeavesATombstoneThatExportsSkip()
    {
        var (kept, erased) = (await FrameAsync(1), await FrameAsync(2));
        await MakeTasksAsync((kept, []), (erased, []));
        await LabelAllAsync();
        var frozen = await ReadAsync<FreezeResult>(await PostAsync($"/v1/deployments/{Line}/freeze", new FreezeRequest("key", null, Noon, 1, 0)));
        Assert.Equal(HttpStatusCode.NoContent, (await Http.DeleteAsync($"/v1/frames/{erased.Id}")).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await Http.DeleteAsync($"/v1/frames/{erased.Id}")).StatusCode);
        await RefusedAsync(HttpStatusCode.NotFound, await Http.DeleteAsync($"/v1/frames/{Guid.NewGuid()}"));

        Assert.False(await HasBytesAsync(erased));
        var told = (await GetAsync<ChangePage>($"/v1/changes?kinds={ChangeKinds.FrameErased}")).Changes;
        Assert.All(told, change => Assert.Equal((erased.Id, erased.Image.Sha256), (change.Read<FrameErased>().Frame, change.Read<FrameErased>().Sha256)));
        Assert.Equal(2, told.Count);
        var manifest = await GetAsync<ImageManifest>(new Uri(frozen.Training.Manifest).AbsolutePath);
        Assert.Equal(kept.Image.Sha256, Assert.Single(manifest.Images).Image.Sha256);
        Assert.Equal(frozen.Training.ContentHash, (await GetAsync<DatasetVersionInfo>($"/v1/datasets/{frozen.Training.Name}/versions/1")).ContentHash);
        var back = await FrameAsync(2, camera: "cam-9");
        Assert.Contains("erased", (await TakeInAsync(back)).Refused[back.Id.ToString()], StringComparison.Ordinal);
        Assert.False(await HasBytesAsync(erased));
    }

    [Fact]
    public async Task Erase_WaitingTask_IsGivenUp()
    {
        var frame = await FrameAsync(1);
        await MakeTasksAsync((frame, [Nut(0.5f)]));
        await OkAsync(await Http.DeleteAsync($"/v1/frames/{frame.Id}"));
        Assert.Null(await ClaimAsync());
        Assert.Equal(1, (await GetAsync<QueueInfo>("/v1/queue")).Skipped);
    }
}

using System.Net;
using Dapper;
using RetrainLoop.Labeling.Deployments;

namespace RetrainLoop.Tests.Labeling.Samples;

public sealed class SamplesApiTests(PostgresServer postgres) : LabelingService(postgres)
{
    [Fact]
    public async Task Post_SameFrameTwice_IsTakenInOnce()
    {
        var frame = await FrameAsync(1);
        Assert.Equal(1, (await TakeInAsync(frame)).Accepted);
        var again = await TakeInAsync(frame);
        Assert.Equal((0, 1, 0), (again.Accepted, again.Known, again.Refused.Count));
        var accepted = Assert.Single(await ChangesAsync(ChangeKinds.SampleAccepted, 1)).Read<SampleAccepted>();
        Assert.Equal((frame.Id, frame.Id.ToString(), frame.Image.Sha256), (accepted.Frame, accepted.Image.Key, accepted.Image.Image.Sha256));
        Assert.StartsWith("http://labeling/", accepted.Image.Image.Uri, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(SampleReason.ConfidenceBand)]
    [InlineData(SampleReason.Random)]
    public async Task Post_TrainingSideNearDuplicate_IsRefusedForGood(SampleReason reason)
    {
        await TakeInAsync(await FrameAsync(1));
        var copy = await FrameAsync(1, reason, at: Noon.AddMinutes(1), bytes: Pictures.Jpeg(1, quality: 60));
        var elsewhere = await FrameAsync(1, reason, camera: "cam-2", bytes: Pictures.Jpeg(1, quality: 70));
        var result = await TakeInAsync(copy, elsewhere, await FrameAsync(2, reason));
        Assert.Equal(2, result.Accepted);
        Assert.Contains("near duplicate", result.Refused[copy.Id.ToString()], StringComparison.Ordinal);
        Assert.Null(await Blobs.OpenReadAsync(copy.Image.Sha256, TestContext.Current.CancellationToken));
        Assert.Equal(result.Refused, (await TakeInAsync(copy)).Refused);
    }

    [Fact]
    public async Task Post_EvaluationSlot_TakesRandomFramesEvenDoublesAndNoOthers()
    {
        await PublishDeploymentAsync(evaluationShare: 1);
        var picked = await FrameAsync(1, SampleReason.DriftScore);
        var result = await TakeInAsync(picked, await FrameAsync(2), await FrameAsync(2, at: Noon.AddSeconds(1), bytes: Pictures.Jpeg(2, quality: 60)));
        Assert.Equal((2, 1), (result.Accepted, result.Refused.Count));
        Assert.Contains("kept for evaluation", result.Refused[picked.Id.ToString()], StringComparison.Ordinal);
        await using var connection = await Database.OpenConnectionAsync();
        Assert.Equal([nameof(FrameSide.Evaluation)], await connection.QueryAsync<string>("select distinct side from frames"));
    }

    [Fact]
    public async Task Post_NoPicture_IsRefusedWithTheReason()
    {
        var frame = await FrameAsync(1, bytes: "this is text"u8.ToArray());
        Assert.Contains("format", (await TakeInAsync(frame)).Refused[frame.Id.ToString()], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_UnknownDeployment_TakesNothingSoThatItCanBeRepeated()
    {
        var frame = await FrameAsync(1) with { Deployment = "elsewhere" };
        var response = await PostAsync("/v1/samples", new SampleIntake([frame]));
        Assert.Contains("'elsewhere'", await RefusedAsync(HttpStatusCode.NotFound, response), StringComparison.Ordinal);
    }
}

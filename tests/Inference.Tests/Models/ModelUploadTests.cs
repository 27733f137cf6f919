using RetrainLoop.Inference.Models;
using RetrainLoop.ServiceDefaults.Blobs;
using RetrainLoop.ServiceDefaults.Hosting;

namespace RetrainLoop.Tests.Inference.Models;

public sealed class ModelUploadTests
{
    public static TheoryData<ModelSpec, string?> Specs() => new()
    {
        { new ModelSpec(), null },
        { new ModelSpec(DetectorHead.Yolov8, ["a", "b"], 4096, new ModelBatching(1, 0)), null },
        { new ModelSpec(Batching: new ModelBatching(64, 1000)), null },
        { new ModelSpec(ImageSize: 0), "'imageSize'" },
        { new ModelSpec(ImageSize: 4097), "'imageSize'" },
        { new ModelSpec(ClassNames: ["a", " "]), "'classNames'" },
        { new ModelSpec(ClassNames: [null!]), "'classNames'" },
        { new ModelSpec(ClassNames: []), "'classNames'" },
        { new ModelSpec(Batching: new ModelBatching(0)), "'batching.maxBatch'" },
        { new ModelSpec(Batching: new ModelBatching(null, -1)), "'batching.maxDelayMs'" },
        { new ModelSpec(Batching: new ModelBatching(null, 1001)), "'batching.maxDelayMs'" },
        { new ModelSpec(Batching: new ModelBatching(null, double.NaN)), "'batching.maxDelayMs'" },
    };

    [Theory]
    [MemberData(nameof(Specs))]
    public void WrongWith_Spec_NamesWhatCannotBe(ModelSpec spec, string? member)
    {
        if (member is null) Assert.Null(ModelUpload.WrongWith(spec));
        else Assert.StartsWith(member, ModelUpload.WrongWith(spec));
    }

    [Fact]
    public async Task GuardAsync_StorageThatIsAway_IsNotTheSendersMistake() => await Assert.ThrowsAsync<BlobStorageException>(
        () => MultipartBody.GuardAsync<int>(() => throw new BlobStorageException("The blob storage is away.", null)));
}

using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using RetrainLoop.Inference.Execution;
using RetrainLoop.Inference.Models;
using RetrainLoop.Inference.Predict;
using RetrainLoop.ServiceDefaults.Blobs;

namespace RetrainLoop.Tests.Inference.Execution;

public sealed class ResizedModelsTests(PostgresServer postgres, RedisServer redis) : IAsyncLifetime
{
    readonly InferenceService inference = new(postgres, redis);
    readonly FakeTimeProvider time = new();

    public async ValueTask InitializeAsync()
    {
        var client = await inference.StartAsync(("Telemetry:Enabled", "false"));
        await InferenceService.RegisterAsync(client, "dynamic", new TinyDetector(TinyHead.EndToEnd) { Size = -1 }.ToOnnx());
        await InferenceService.RegisterAsync(client, "fixed", new TinyDetector(TinyHead.EndToEnd).ToOnnx());
        await InferenceService.RegisterAsync(client, "pretender", new TinyDetector(TinyHead.Yolox) { Size = -1 }.ToOnnx()); // its grid fits 64 pixels only
    }

    public ValueTask DisposeAsync() => inference.DisposeAsync();

    [Theory]
    [InlineData(2, 128, null)]
    [InlineData(2, 129, 128)]
    [InlineData(2, 4096, 128)]
    [InlineData(1.9, 96, null)]
    [InlineData(1.9, 97, 96)] // whole strides
    [InlineData(1, 65, 64)]
    public async Task InsteadOfAsync_SizeBeyondTheFactor_IsRefusedNamingTheLargest(double factor, int wanted, int? largest)
    {
        using var resized = Create(factor);
        if (largest is null) Assert.Equal(wanted, await SizeAsync(resized, "dynamic", wanted));
        else Assert.Contains($"at most {largest} for dynamic v1", (await RefusalAsync(resized, "dynamic", wanted)).Message);
    }

    [Theory]
    [InlineData("fixed", 0)]
    [InlineData("pretender", 6)] // that it does not run at another size shows only when it is loaded, each time for a minute
    public async Task InsteadOfAsync_ManyRefusedSizes_CostLittleAndLeaveWhatIsLoaded(string model, int loads)
    {
        using var resized = Create(8);
        Assert.Equal(128, await SizeAsync(resized, "dynamic", 128));
        var before = inference.BlobReads + 1; // the model itself, at its own size
        var held = await AcquireAsync(model);
        for (var round = 0; round < 2; round++)
            foreach (var size in new[] { 96, 128, 160, 192, 224, 256 }) await RefusalAsync(resized, model, size);
        Assert.Equal(before + loads, inference.BlobReads);
        Assert.Equal(128, await SizeAsync(resized, "dynamic", 128));
        Assert.Equal(before + loads, inference.BlobReads);
        held.Release();
    }

    [Fact]
    public async Task InsteadOfAsync_MinutesPass_FreesOnlyWhatNobodyAskedFor()
    {
        using var resized = Create(8);
        foreach (var size in new[] { 96, 128 }) await SizeAsync(resized, "dynamic", size);
        time.Advance(TimeSpan.FromMinutes(8));
        await SizeAsync(resized, "dynamic", 96);
        Assert.Equal(2, resized.Loaded);
        time.Advance(TimeSpan.FromMinutes(3));
        Assert.Equal(1, resized.Loaded);
        time.Advance(TimeSpan.FromMinutes(8));
        Assert.Equal(0, resized.Loaded);
    }

    [Fact]
    public async Task InsteadOfAsync_SizeInUseWhenItsTimeIsOver_IsFreedByItsLastUser()
    {
        using var resized = Create(2);
        var used = await resized.InsteadOfAsync(await AcquireAsync("dynamic"), 128, default);
        time.Advance(TimeSpan.FromMinutes(12));
        Assert.Equal(0, resized.Loaded);
        using var bench = new Workbench(new RetrainLoop.Inference.Images.ImageOptions(), TimeProvider.System);
        bench.Run(used.Detector, TestImage.Gray(102), "picture", 0.01f);
        used.Release();
        Assert.False(used.TryAcquire());
    }

    ResizedModels Create(double factor) => new(
        inference.Service.Services.GetRequiredService<DetectorLoader>(), inference.Service.Services.GetRequiredService<BlobStore>(),
        Options.Create(new PredictOptions { MaxImageSizeFactor = factor }), time, NullLogger<ResizedModels>.Instance);

    Task<LoadedModel> AcquireAsync(string name) =>
        inference.Service.Services.GetRequiredService<LoadedModels>().AcquireAsync(new ModelRef(name, 1), default);

    async Task<int> SizeAsync(ResizedModels resized, string name, int wanted)
    {
        var own = await AcquireAsync(name);
        own.TryAcquire(); // it serves meanwhile
        var model = await resized.InsteadOfAsync(own, wanted, default);
        model.Release();
        held.Add(own);
        return model.Detector.Input.Width;
    }

    readonly List<LoadedModel> held = [];

    async Task<UnservableModelException> RefusalAsync(ResizedModels resized, string name, int wanted)
    {
        var model = await AcquireAsync(name);
        return await Assert.ThrowsAsync<UnservableModelException>(() => resized.InsteadOfAsync(model, wanted, default));
    }
}

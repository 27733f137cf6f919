using System.IO.Compression;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Polly.CircuitBreaker;
using Polly.Timeout;
using RetrainLoop.ServiceDefaults.Blobs;
using RetrainLoop.Tests.Training.Data;
using RetrainLoop.Training;
using RetrainLoop.Training.Runs;

namespace RetrainLoop.Tests.Training.Runs;

public sealed class RunIntakeTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    public static TheoryData<Exception> Rejections => new() { new TimeoutRejectedException(), new BrokenCircuitException() };

    /// <summary>Found before it was written: a run failed for good when the owner of its dataset was slow.</summary>
    [Theory]
    [MemberData(nameof(Rejections), DisableDiscoveryEnumeration = true)]
    public async Task Prepare_OwnerIsSlowForAWhile_Waits(Exception rejection)
    {
        var owner = new Owner(Export(), rejection, times: 3);
        await PrepareAsync(owner);
        Assert.Equal(4, owner.Asked);
        Assert.True(File.Exists(new RunFolder(folder["run"]).Request));
    }

    [Theory]
    [MemberData(nameof(Rejections), DisableDiscoveryEnumeration = true)]
    public async Task Prepare_OwnerStaysSlow_EndsAsOneThatIsAway(Exception rejection)
    {
        var owner = new Owner([], rejection, times: int.MaxValue);
        var away = await Assert.ThrowsAsync<HttpRequestException>(() => PrepareAsync(owner));
        Assert.Equal((rejection, true), (away.InnerException, owner.Asked > 1));
    }

    byte[] Export()
    {
        ZipFile.CreateFromDirectory(ShapesDataset.Write(folder["shapes"], train: 1, validation: 1), folder["shapes.zip"]);
        return File.ReadAllBytes(folder["shapes.zip"]);
    }

    Task PrepareAsync(Owner owner)
    {
        var options = Options.Create(new BlobOptions { Root = folder["blobs"] });
        var blobs = new BlobStore(new FolderStorage(options), options, new HostingEnvironment { ApplicationName = "training" }, owner,
            new ConfigurationBuilder().AddInMemoryCollection([new("services:labeling:http:0", "http://127.0.0.1")]).Build());
        var dataset = new DatasetVersionInfo(
            "shapes", 1, "hash", DatasetRole.Training, "line", ShapesDataset.ClassNames, 2, 4, 1, 1, null, null,
            "http://labeling/manifest", "http://labeling/truth", "http://labeling/export", DateTimeOffset.UnixEpoch);
        var run = new TrainingRun(Guid.NewGuid(), new TrainingRunRequest("key", "line", dataset, Base: null, Checkpoint: null, new Hyperparameters()),
            new RunStanding(TrainingRunState.Running), null, null, DateTimeOffset.UnixEpoch, null, null);
        return new RunIntake(blobs, new HurriedTime(), Options.Create(new TrainingOptions()), NullLogger<RunIntake>.Instance)
            .PrepareAsync(run, new RunFolder(folder["run"]), TestContext.Current.CancellationToken);
    }

    /// <summary>Serves a dataset after so many rejections by the pipeline of HTTP clients.</summary>
    sealed class Owner(byte[] export, Exception rejection, int times) : HttpMessageHandler, IHttpClientFactory
    {
        public int Asked { get; private set; }

        public HttpClient CreateClient(string name) => new(this, disposeHandler: false);

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => Asked++ < times
            ? Task.FromException<HttpResponseMessage>(rejection)
            : Task.FromResult(new HttpResponseMessage { Content = new ByteArrayContent(export) });
    }

    /// <summary>A clock on which every pause is over at once.</summary>
    sealed class HurriedTime : FakeTimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = base.CreateTimer(callback, state, dueTime, period);
            Advance(dueTime);
            return timer;
        }
    }
}

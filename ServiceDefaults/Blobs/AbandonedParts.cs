using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace RetrainLoop.ServiceDefaults.Blobs;

/// <summary>Removes at the start what a killed process was writing. Replicas may share the folder, so that only old parts are taken for abandoned.</summary>
sealed class AbandonedParts(IOptions<BlobOptions> options, TimeProvider time) : IHostedService
{
    static readonly TimeSpan Age = TimeSpan.FromHours(6);

    public Task StartAsync(CancellationToken cancellationToken)
    {
        var root = new DirectoryInfo(options.Value.Root);
        if (root.Exists)
            foreach (var part in root.EnumerateFiles(".*.part"))
                if (time.GetUtcNow() - part.LastWriteTimeUtc > Age) part.Delete();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}

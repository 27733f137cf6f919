using Microsoft.Extensions.Options;
using RetrainLoop.ServiceDefaults.Blobs;

namespace RetrainLoop.Tests.ServiceDefaults.Blobs;

public sealed class FolderStorageTests : BlobStorageContract
{
    protected override IBlobStorage Open(string service = "Labeling") =>
        new FolderStorage(Options.Create(new BlobOptions { Root = Path.Combine(Work, service) }));
}

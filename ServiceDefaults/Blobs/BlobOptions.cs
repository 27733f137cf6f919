using System.ComponentModel.DataAnnotations;

namespace RetrainLoop.ServiceDefaults.Blobs;

/// <summary>Section <c>Blobs</c>.</summary>
public sealed class BlobOptions
{
    /// <summary>Folder of this service's blobs. Default: <c>blobs/{service}</c> under RETRAINLOOP_DATA, else under the working directory.</summary>
    [Required] public string Root { get; set; } = "";
}

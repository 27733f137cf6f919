using System.ComponentModel.DataAnnotations;

namespace RetrainLoop.ServiceDefaults.Blobs;

public enum BlobStorageKind { Folder, S3 }

/// <summary>Section <c>Blobs</c>.</summary>
public sealed class BlobOptions : IValidatableObject
{
    public BlobStorageKind Kind { get; set; } = BlobStorageKind.Folder;

    /// <summary>
    /// Folder of this service's blobs; with S3, of its local copies. Default: <c>blobs/{service}</c> under RETRAINLOOP_DATA, else under the working
    /// directory.
    /// </summary>
    [Required] public string Root { get; set; } = "";

    /// <summary>Address of the S3-compatible server, for example <c>https://minio.example:9000</c>; default: Amazon's of the region.</summary>
    [Url] public string? Endpoint { get; set; }

    public string Region { get; set; } = "us-east-1";

    /// <summary>An existing bucket. All services may share one: each has a prefix of its own below <see cref="Prefix"/>.</summary>
    public string Bucket { get; set; } = "";

    /// <summary>What keys begin with, before the service's name; for example <c>retrainloop/</c>.</summary>
    public string Prefix { get; set; } = "";

    /// <summary>Without keys, the environment's own credentials are used: instance role, profile or variables.</summary>
    public string? AccessKey { get; set; }

    public string? SecretKey { get; set; }

    /// <summary>Most that local copies of S3 objects may take.</summary>
    [Range(1, 100_000_000)] public long CacheMegabytes { get; set; } = 10_000;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Kind != BlobStorageKind.S3) yield break;
        if (string.IsNullOrWhiteSpace(Bucket)) yield return new ValidationResult("Blobs:Kind is s3, so Blobs:Bucket must name a bucket.");
        if (AccessKey is null != SecretKey is null) yield return new ValidationResult("Give both Blobs:AccessKey and Blobs:SecretKey, or neither.");
    }
}

using System.ComponentModel.DataAnnotations;
using RetrainLoop.ServiceDefaults.Blobs;

namespace RetrainLoop.Tests.ServiceDefaults.Blobs;

public sealed class BlobOptionsTests
{
    [Theory]
    [InlineData("", null, null, "Blobs:Bucket")]
    [InlineData("b", "key", null, "Blobs:SecretKey")]
    [InlineData("b", "key", "secret", null)]
    [InlineData("b", null, null, null)]
    public void Validate_S3_NamesWhatIsMissing(string bucket, string? key, string? secret, string? missing)
    {
        var options = new BlobOptions { Kind = BlobStorageKind.S3, Root = "x", Bucket = bucket, AccessKey = key, SecretKey = secret };
        var problems = new List<ValidationResult>();
        Assert.Equal(missing is null, Validator.TryValidateObject(options, new ValidationContext(options), problems, true));
        if (missing is not null) Assert.Contains(missing, Assert.Single(problems).ErrorMessage);
    }
}

namespace RetrainLoop.Contracts;

/// <summary>
/// Where bytes can be fetched and how to know that they are the right ones. The owner serves them; a receiver that needs them
/// longer than the request copies them at intake.
/// </summary>
/// <param name="Uri">Absolute, with a service name as host, for example <c>http://inference/v1/blobs/{sha256}</c>.</param>
/// <param name="Sha256">64 lower-case hexadecimal digits.</param>
/// <param name="Length">Bytes.</param>
public sealed record ArtifactRef(string Uri, string Sha256, long Length);

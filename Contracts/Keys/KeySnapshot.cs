namespace RetrainLoop.Contracts;

/// <summary>What a bearer may do; each role above Predict includes the ones before it.</summary>
public enum AccessRole { Predict, Viewer, Annotator, Operator, Admin }

/// <summary>One API key as services know it: only its hash.</summary>
/// <param name="Sha256">Lower-case hexadecimal SHA-256 of the key's UTF-8 bytes (keys are random, 256 bits, so a plain hash is enough).</param>
/// <param name="Deployments">The deployments the key is limited to; empty means all.</param>
public sealed record KeyEntry(Guid Id, string Name, string Sha256, AccessRole Role, IReadOnlyList<string> Deployments);

/// <summary>All valid keys at a revision. Web publishes it, each service keeps its copy; a lower revision never replaces a higher one.</summary>
public sealed record KeySnapshot(long Revision, DateTimeOffset IssuedAt, IReadOnlyList<KeyEntry> Keys);

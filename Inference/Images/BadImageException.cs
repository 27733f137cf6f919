namespace RetrainLoop.Inference.Images;

/// <summary>The bytes are no image that can be read. The message is a sentence for the sender that names the file.</summary>
/// <param name="status">413 over a limit of bytes, 415 for another type of file, 422 for an image that is broken or too large.</param>
public sealed class BadImageException(int status, string message) : Exception(message)
{
    public int Status { get; } = status;
}

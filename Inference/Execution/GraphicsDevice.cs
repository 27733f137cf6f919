namespace RetrainLoop.Inference.Execution;

/// <summary>What the NVIDIA driver on Linux says of the first GPU; nothing elsewhere.</summary>
static class GraphicsDevice
{
    const string Folder = "/proc/driver/nvidia";

    /// <summary>Its model name, or null.</summary>
    public static string? Name()
    {
        try
        {
            return Directory.EnumerateDirectories(Path.Combine(Folder, "gpus")).Order()
                .SelectMany(gpu => File.ReadLines(Path.Combine(gpu, "information")))
                .Where(line => line.StartsWith("Model:", StringComparison.Ordinal)).Select(line => line["Model:".Length..].Trim()).FirstOrDefault();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The driver's version line, or null.</summary>
    public static string? Driver()
    {
        try
        {
            return File.ReadLines(Path.Combine(Folder, "version")).FirstOrDefault()?.Split("version:", 2)[^1].Trim();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}

using RetrainLoop.Inference.Execution;

namespace RetrainLoop.Inference.Predict;

/// <summary>One image of a request.</summary>
/// <param name="Name">How a refusal calls it: <c>'gate.jpg'</c>, <c>The body</c>.</param>
/// <param name="File">The name or address that the caller gave it, if any, bounded.</param>
readonly record struct PredictFile(string Name, FrameBytes Bytes, string? File = null)
{
    const int LongestFile = 200;

    public static PredictFile Of(string file, FrameBytes bytes)
    {
        var bounded = Bounded(file);
        return new PredictFile($"'{bounded}'", bytes, bounded);
    }

    /// <summary>Without NUL, which the database takes in no text.</summary>
    public static string Bounded(string file) =>
        (file.Length <= LongestFile ? file : file[..LongestFile] + "...").Replace('\0', '\uFFFD');
}

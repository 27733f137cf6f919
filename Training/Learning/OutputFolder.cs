namespace RetrainLoop.Training.Learning;

/// <summary>The files that a training leaves.</summary>
public sealed record OutputFolder(string Path)
{
    /// <summary>To go on from: everything after the last whole epoch.</summary>
    public string Last => Combine("last.ckpt");

    /// <summary>Averaged weights of the best epoch.</summary>
    public string Best => Combine("best.ckpt");

    public string Onnx => Combine("model.onnx");
    public string Result => Combine("result.json");

    string Combine(string name) => System.IO.Path.Combine(Path, name);
}

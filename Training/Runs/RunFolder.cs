using RetrainLoop.Training.Learning;

namespace RetrainLoop.Training.Runs;

/// <summary>A run's files while it is unfinished.</summary>
public sealed record RunFolder(string Path)
{
    public static RunFolder Of(TrainingOptions options, Guid run) => new(System.IO.Path.Combine(options.WorkFolder, run.ToString("N")));

    public string Dataset => System.IO.Path.Combine(Path, "dataset");
    public string Archive => System.IO.Path.Combine(Path, "dataset.zip");
    public string Request => System.IO.Path.Combine(Path, TrainCommand.RequestFile);
    public OutputFolder Output => new(Path);

    public void Delete()
    {
        if (Directory.Exists(Path)) Directory.Delete(Path, recursive: true);
    }
}

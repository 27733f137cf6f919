namespace RetrainLoop.LocalHost.Logs;

/// <summary>A log that grows to 16 MiB and then begins anew, keeping the one before it.</summary>
sealed class LogFile : IDisposable
{
    const long Longest = 16 << 20;
    readonly string path;
    StreamWriter? writer;

    public LogFile(string folder, string name)
    {
        Directory.CreateDirectory(folder);
        path = Path.Combine(folder, name + ".log");
        writer = Open();
    }

    public void WriteLine(string text)
    {
        if (writer is null)
        {
            return;
        }

        writer.WriteLine(text);
        if (writer.BaseStream.Position > Longest)
        {
            writer.Dispose();
            File.Move(path, path + ".1", overwrite: true);
            writer = Open();
        }
    }

    public void Dispose()
    {
        writer?.Dispose();
        writer = null;
    }

    StreamWriter Open() => new(new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite)) { AutoFlush = true };
}

namespace RetrainLoop.LocalHost.Stack;

/// <summary>One run per data folder. The system gives the lock back when the process ends in any way.</summary>
static class StackLock
{
    public static FileStream Take(StackSettings settings)
    {
        try
        {
            Directory.CreateDirectory(settings.DataFolder);
            return new FileStream(Path.Combine(settings.DataFolder, "host.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (UnauthorizedAccessException)
        {
            throw new LocalRunException($"The data folder {settings.DataFolder} cannot be written. Make it yours, or give another one with --data DIR.");
        }
        catch (IOException) when (Directory.Exists(settings.DataFolder))
        {
            throw new LocalRunException(
                $"A stack already runs on {settings.DataFolder} (its addresses are in {settings.StackFile}). Stop it, or give another folder with --data DIR.");
        }
    }
}

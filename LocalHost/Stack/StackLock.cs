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
        catch (IOException) when (Directory.Exists(settings.DataFolder))
        {
            throw new LocalRunException(
                $"A stack already runs on {settings.DataFolder} (its addresses are in {settings.StackFile}). "
                + "Stop it, or give another folder with --data DIR.");
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new LocalRunException(
                $"The data folder {settings.DataFolder} cannot be written ({problem.Message}). Make it yours, or give another one with --data DIR.");
        }
    }
}

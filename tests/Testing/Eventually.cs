namespace RetrainLoop.Tests.Testing;

/// <summary>Waits for what happens in other processes and threads. The limit only ends a broken test; no test measures with it.</summary>
public static class Eventually
{
    public static async Task TrueAsync(Func<Task<bool>> condition, string what, TimeSpan? limit = null)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            if (TimeProvider.System.GetElapsedTime(started) > (limit ?? TimeSpan.FromSeconds(60))) Assert.Fail($"It never came about that {what}.");
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }

    public static async Task<T> NotNullAsync<T>(Func<Task<T?>> read, string what, TimeSpan? limit = null) where T : class
    {
        T? value = null;
        await TrueAsync(async () => (value = await read()) is not null, what, limit);
        return value!;
    }
}

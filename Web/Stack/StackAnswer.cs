namespace RetrainLoop.Web.Stack;

/// <summary>For pages that rather show a gap than fail.</summary>
public static class StackAnswer
{
    /// <summary>What a service answers, or null when it refuses, is away or is too late.</summary>
    public static async Task<T?> TryAsync<T>(Task<T> call) where T : class?
    {
        try
        {
            return await call;
        }
        catch (Exception exception) when (exception is StackException or OperationCanceledException)
        {
            return null;
        }
    }
}

namespace Aspire.Hosting.ApplicationModel;

public sealed class ExecuteCommandContext
{
    public required string ResourceName { get; init; }
    public required CancellationToken CancellationToken { get; init; }
}

public sealed class ExecuteCommandResult
{
    public required bool Success { get; init; }
    public string? ErrorMessage { get; init; }
}

public static class CommandResults
{
    public static ExecuteCommandResult Success() => new() { Success = true };

    public static ExecuteCommandResult Failure(string? errorMessage = null) => new() { Success = false, ErrorMessage = errorMessage };
}

public sealed class CommandOptions
{
    public string? Description { get; set; }
}

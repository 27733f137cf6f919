namespace RetrainLoop.LocalHost.Stack;

/// <summary>Why the stack cannot run, in a sentence that says what to do; shown without a stack trace.</summary>
public sealed class LocalRunException(string message) : Exception(message);

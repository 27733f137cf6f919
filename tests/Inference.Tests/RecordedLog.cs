using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace RetrainLoop.Tests.Inference;

/// <summary>Keeps the warnings and errors that a service logs.</summary>
public sealed class RecordedLog : ILoggerProvider, ILogger
{
    readonly ConcurrentQueue<string> messages = new();

    public IEnumerable<string> Messages => messages;

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel)) messages.Enqueue(formatter(state, exception));
    }

    public void Dispose() { }
}

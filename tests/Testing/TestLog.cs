using Microsoft.Extensions.Logging;

namespace RetrainLoop.Tests.Testing;

/// <summary>
/// Warnings and errors of a service under test, as output of the test that starts it. On the console they, and everything that runs in parallel,
/// would drown the failure of one test, because <c>dotnet test</c> then repeats all that the process wrote. Outside of a test they are dropped.
/// </summary>
public sealed class TestLog : ILoggerProvider
{
    readonly ITestOutputHelper? output = TestContext.Current.TestOutputHelper;

    /// <summary>Takes the place of whatever the service logs to.</summary>
    public static void Replace(ILoggingBuilder logging)
    {
        logging.ClearProviders();
        logging.AddProvider(new TestLog());
        logging.AddFilter<TestLog>(null, LogLevel.Warning);
        logging.AddFilter<TestLog>("Microsoft.AspNetCore.Routing.EndpointRoutingMiddleware", LogLevel.Error); // the server in memory knows no size limits
    }

    public ILogger CreateLogger(string categoryName) => new Logger(output, categoryName);

    public void Dispose()
    {
    }

    sealed class Logger(ITestOutputHelper? output, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => output is not null && logLevel >= LogLevel.Warning;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!IsEnabled(logLevel)) return;
            try
            {
                output!.WriteLine($"{logLevel}: {category}: {formatter(state, exception)}{(exception is null ? "" : $"\n{exception}")}");
            }
            catch (InvalidOperationException)
            {
                // The test is over; the service is about to be.
            }
        }
    }
}

using Microsoft.Extensions.Logging.Abstractions;
using RetrainLoop.Monitor.Hosting;

namespace RetrainLoop.Tests.Monitor.Hosting;

public sealed class RecurringWorkTests
{
    /// <summary>Its first round is cancelled by something else than the host, such as a time limit of a call.</summary>
    sealed class CancelledOnce() : RecurringWork(TimeProvider.System, NullLogger.Instance)
    {
        int rounds;

        public int Rounds => Volatile.Read(ref rounds);
        protected override TimeSpan Interval => TimeSpan.FromMilliseconds(1);

        public override Task RunOnceAsync(CancellationToken cancellationToken) =>
            Interlocked.Increment(ref rounds) == 1 ? throw new OperationCanceledException() : Task.CompletedTask;
    }

    [Fact]
    public async Task Execute_RoundCancelledByOthers_GoesOn()
    {
        using var work = new CancelledOnce();
        await work.StartAsync(TestContext.Current.CancellationToken);
        await Eventually.TrueAsync(() => Task.FromResult(work.Rounds >= 3), "more rounds follow");
        await work.StopAsync(TestContext.Current.CancellationToken);
    }
}

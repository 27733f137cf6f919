using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Npgsql;
using RetrainLoop.ServiceDefaults.Hosting;

namespace RetrainLoop.Tests.ServiceDefaults.Hosting;

public sealed class RecurringWorkTests
{
    static readonly TimeSpan Interval = TimeSpan.FromMinutes(10);
    readonly FakeTimeProvider time = new();

    /// <param name="round">What a round does, given its number from 1.</param>
    sealed class Work(TimeProvider time, Func<int, CancellationToken, Task> round) : RecurringWork(time, NullLogger.Instance)
    {
        int rounds;

        public int Rounds => Volatile.Read(ref rounds);
        protected override TimeSpan Interval => RecurringWorkTests.Interval;

        public override Task RunOnceAsync(CancellationToken cancellationToken) => round(Interlocked.Increment(ref rounds), cancellationToken);
    }

    [Fact]
    public async Task Execute_TimePasses_HasARoundAtTheStartAndOneEachInterval()
    {
        using var work = await StartAsync((_, _) => Task.CompletedTask);
        await RoundsAsync(work, 1);
        time.Advance(Interval);
        await RoundsAsync(work, 2);
        time.Advance(Interval / 2);
        work.Wake();
        await RoundsAsync(work, 3);
        time.Advance(Interval / 2);
        await RoundsAsync(work, 4);
        await work.StopAsync(TestContext.Current.CancellationToken);
        Assert.Equal(4, work.Rounds);
    }

    public static TheoryData<Exception> Faults =>
        [new InvalidOperationException("broken"), new OperationCanceledException("a call's own time limit"), new NpgsqlException("away")];

    [Theory]
    [MemberData(nameof(Faults), DisableDiscoveryEnumeration = true)]
    public async Task Execute_RoundThrows_GoesOn(Exception fault)
    {
        using var work = await StartAsync((round, _) => round == 1 ? throw fault : Task.CompletedTask);
        await RoundsAsync(work, 1);
        time.Advance(Interval);
        await RoundsAsync(work, 2);
        await work.StopAsync(TestContext.Current.CancellationToken);
        Assert.True(work.ExecuteTask!.IsCanceled, $"{work.ExecuteTask.Exception}");
    }

    [Fact]
    public async Task Wake_OftenDuringARound_OneMoreFollows()
    {
        var first = new TaskCompletionSource();
        using var work = await StartAsync((round, _) => round == 1 ? first.Task : Task.CompletedTask);
        await RoundsAsync(work, 1);
        for (var i = 0; i < 5; i++) work.Wake();
        first.SetResult();
        await RoundsAsync(work, 2);
        work.Wake();
        await RoundsAsync(work, 3);
        await work.StopAsync(TestContext.Current.CancellationToken);
        Assert.Equal(3, work.Rounds);
    }

    [Fact]
    public async Task Stop_DuringARound_CancelsItAndReturns()
    {
        var cancelled = false;
        using var work = await StartAsync(async (_, stopping) =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancelled = stopping.IsCancellationRequested;
        });
        await RoundsAsync(work, 1);
        await work.StopAsync(TestContext.Current.CancellationToken); // the clock stands still: nothing else can end it
        Assert.True(cancelled && work.ExecuteTask!.IsCompleted);
    }

    async Task<Work> StartAsync(Func<int, CancellationToken, Task> round)
    {
        var work = new Work(time, round);
        await work.StartAsync(TestContext.Current.CancellationToken);
        return work;
    }

    static Task RoundsAsync(Work work, int count) => Eventually.TrueAsync(() => Task.FromResult(work.Rounds >= count), $"round {count} comes");
}

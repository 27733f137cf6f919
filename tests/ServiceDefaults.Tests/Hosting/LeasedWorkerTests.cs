using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Npgsql;
using RetrainLoop.ServiceDefaults.Hosting;

namespace RetrainLoop.Tests.ServiceDefaults.Hosting;

public sealed class LeasedWorkerTests : IAsyncDisposable
{
    readonly FakeTimeProvider time = new();
    readonly JobTable table;
    readonly List<Worker> workers = [];

    public LeasedWorkerTests() => table = new JobTable(time);

    sealed class Worker(JobTable table, Func<string, CancellationToken, Task> work, TimeProvider time, ILogger logger)
        : LeasedWorker<string>(time, logger)
    {
        protected override TimeSpan Interval => TimeSpan.FromSeconds(5);
        protected override TimeSpan Lease => JobTable.Lease;
        protected override string NameOf(string job) => job;
        protected override Task<string?> ClaimAsync(CancellationToken cancellationToken) => Task.FromResult(table.Claim(Owner));
        protected override Task<bool> RenewAsync(string job, CancellationToken cancellationToken) => Task.FromResult(table.Renew(job, Owner));

        protected override async Task WorkAsync(string job, CancellationToken cancellationToken)
        {
            await work(job, cancellationToken);
            if (!table.Finish(job, Owner, JobState.Done)) throw new LeaseLostException();
        }

        protected override Task FailAsync(string job, Exception exception, CancellationToken cancellationToken) =>
            Task.FromResult(table.Finish(job, Owner, JobState.Failed, exception.Message));

        protected override Task ReleaseAsync(string job, CancellationToken cancellationToken) => Task.FromResult(table.Release(job, Owner));
    }

    [Fact]
    public async Task Work_Throws_IsRecordedAndTheNextIsDone()
    {
        table.Add("bad");
        table.Add("late");
        table.Add("good");
        await StartAsync((job, _) => job switch
        {
            "bad" => throw new InvalidOperationException("it broke"),
            "late" => throw new OperationCanceledException("a call's own time limit"),
            _ => Task.CompletedTask,
        });
        await StateAsync("good", JobState.Done);
        Assert.Equal((JobState.Failed, "it broke"), table["bad"]);
        Assert.Equal((JobState.Failed, "a call's own time limit"), table["late"]);
    }

    [Fact]
    public async Task Work_LongerThanTheLease_IsKeptByRenewing()
    {
        table.Add("long");
        var (begun, end) = (0, new TaskCompletionSource());
        Task Work(string job, CancellationToken held)
        {
            Interlocked.Increment(ref begun);
            return end.Task.WaitAsync(held);
        }
        await StartAsync(Work);
        await StateAsync("long", JobState.Running);
        await StartAsync(Work);
        for (var i = 1; i <= 6; i++)
        {
            time.Advance(JobTable.Lease / 3);
            await Eventually.TrueAsync(() => Task.FromResult(table.Renewals >= i), "the lease is renewed");
        }
        end.SetResult();
        await StateAsync("long", JobState.Done);
        Assert.Equal(1, begun);
    }

    [Fact]
    public async Task Renewal_WorkWasCancelled_EndsItAndRecordsNothing()
    {
        table.Add("cancelled");
        var held = await HeldAsync("cancelled");
        table.Cancel("cancelled");
        await UntilAsync(() => held.IsCancellationRequested, "the work is cancelled");
        table.Add("next");
        await UntilAsync(() => table["next"].State == JobState.Running, "the worker goes on");
        Assert.Equal((JobState.Cancelled, null), table["cancelled"]);
    }

    [Fact]
    public async Task Renewal_ImpossibleForAWholeLease_EndsTheWork()
    {
        table.Add("cut off");
        table.Fault = new NpgsqlException("away");
        var held = await HeldAsync("cut off");
        time.Advance(JobTable.Lease / 3);
        await Eventually.TrueAsync(() => Task.FromResult(table.Renewals == 1), "a renewal fails");
        Assert.False(held.IsCancellationRequested, "One failed renewal loses nothing.");
        await UntilAsync(() => held.IsCancellationRequested, "the work is cancelled");
        Assert.True(table.Renewals >= 3, $"only {table.Renewals} tries");
        Assert.Null(table["cut off"].Error);
    }

    [Fact]
    public async Task Claim_WorkOfAKilledWorker_WaitsForTheEndOfItsLease()
    {
        table.Add("orphan");
        table.Claim(Guid.NewGuid()); // by a process that is killed now
        table.Add("free");
        var order = new List<string>();
        await StartAsync((job, _) =>
        {
            lock (order) order.Add(job);
            return Task.CompletedTask;
        });
        await StateAsync("free", JobState.Done);
        await UntilAsync(() => table["orphan"].State == JobState.Done, "the orphan is done");
        Assert.Equal(["free", "orphan"], order);
    }

    [Fact]
    public async Task Work_DatabaseAway_IsTakenUpAgainInsteadOfFailing()
    {
        table.Add("patient");
        var tries = 0;
        await StartAsync((_, _) => Interlocked.Increment(ref tries) == 1 ? throw new NpgsqlException("away") : Task.CompletedTask);
        await UntilAsync(() => table["patient"].State == JobState.Done, "it is done after all");
        Assert.Equal(2, tries);
    }

    [Fact]
    public async Task Stop_DuringWork_GivesItBackAtOnce()
    {
        table.Add("moved");
        await HeldAsync("moved");
        await workers[0].StopAsync(TestContext.Current.CancellationToken); // the clock stands still: nothing else can end it
        Assert.Equal((JobState.Queued, null), table["moved"]);
        await StartAsync((_, _) => Task.CompletedTask);
        await StateAsync("moved", JobState.Done);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var worker in workers)
        {
            await worker.StopAsync(CancellationToken.None);
            worker.Dispose();
        }
    }

    Task StartAsync(Func<string, CancellationToken, Task> work)
    {
        workers.Add(new Worker(table, work, time, NullLogger.Instance));
        return workers[^1].StartAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Starts a worker whose work never ends by itself, and returns the first work's token once it is under way.</summary>
    async Task<CancellationToken> HeldAsync(string job)
    {
        var begun = new TaskCompletionSource<CancellationToken>(TaskCreationOptions.RunContinuationsAsynchronously);
        await StartAsync((_, held) =>
        {
            begun.TrySetResult(held);
            return Task.Delay(Timeout.InfiniteTimeSpan, time, held);
        });
        await StateAsync(job, JobState.Running);
        return await begun.Task;
    }

    Task StateAsync(string job, JobState state) => Eventually.TrueAsync(() => Task.FromResult(table[job].State == state), $"'{job}' is {state}");

    /// <summary>Lets time pass until something is so.</summary>
    Task UntilAsync(Func<bool> condition, string what) => Eventually.TrueAsync(() =>
    {
        time.Advance(TimeSpan.FromSeconds(5));
        return Task.FromResult(condition());
    }, what);
}

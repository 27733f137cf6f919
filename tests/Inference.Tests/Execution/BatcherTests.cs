using RetrainLoop.Inference.Execution;

namespace RetrainLoop.Tests.Inference.Execution;

public sealed class BatcherTests
{
    static readonly TimeSpan Long = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task Run_ManyThreads_AnswersEachWithItsOwnAndNeverOverfills()
    {
        var batches = Enumerable.Range(0, 3).Select(_ => new DoublingBatch(4)).ToList();
        using (var batcher = new Batcher(new BatchRules(4, TimeSpan.FromMilliseconds(1)), batches, TimeProvider.System, "test"))
        {
            var threads = Enumerable.Range(1, 10).Select(number => Task.Factory.StartNew(() =>
            {
                for (var i = 0; i < 200; i++) Assert.Equal(2 * (number + i * 100), Double(batcher, number + i * 100));
            }, TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default)).ToArray();
            await Task.WhenAll(threads);
        }
        var sizes = batches.SelectMany(batch => batch.Runs).ToList();
        Assert.Equal(2000, sizes.Sum());
        Assert.InRange(sizes.Max(), 2, 4);
    }

    [Fact]
    public async Task Take_ImagesThatArrivedTogether_RunTogether()
    {
        var batch = new DoublingBatch(8);
        using var batcher = new Batcher(new BatchRules(8, Long), [batch, new DoublingBatch(8)], TimeProvider.System, "test");
        batcher.Announce();
        batcher.Announce();
        var first = OnThread(() => Filled(batcher, 5));
        var second = OnThread(() => Filled(batcher, 6)); // the last one that is announced: nobody is waited for any more
        Assert.Equal((10, 12), (await first, await second));
        Assert.Equal([2], batch.Runs);
    }

    [Fact]
    public async Task Withdraw_ImageThatCannotBeRead_LetsTheOthersGo()
    {
        var batch = new DoublingBatch(8);
        using var batcher = new Batcher(new BatchRules(8, Long), [batch, new DoublingBatch(8)], TimeProvider.System, "test");
        batcher.Announce();
        batcher.Announce();
        var waiting = OnThread(() => Filled(batcher, 5));
        batcher.Withdraw();
        Assert.Equal(10, await waiting);
    }

    [Fact]
    public async Task Wait_GivenUpWhileOthersWait_DisturbsNobody()
    {
        var batch = new DoublingBatch(2) { Held = new ManualResetEventSlim() };
        using var batcher = new Batcher(new BatchRules(2, Long), [batch, new DoublingBatch(2)], TimeProvider.System, "test");
        using var impatience = new CancellationTokenSource();
        batcher.Announce();
        batcher.Announce();
        var leaves = OnThread(() => Filled(batcher, 5, impatience.Token));
        var stays = OnThread(() => Filled(batcher, 6));
        await Eventually.TrueAsync(() => Task.FromResult(batch.State == BatchState.Running), "the batch runs");
        await impatience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leaves);
        Assert.False(batch.Interrupted);
        batch.Held.Set();
        Assert.Equal(12, await stays);
    }

    [Fact]
    public async Task Wait_GivenUpByAll_EndsTheRun()
    {
        var batch = new DoublingBatch(2) { Held = new ManualResetEventSlim() };
        using var batcher = new Batcher(new BatchRules(2, Long), [batch, new DoublingBatch(2)], TimeProvider.System, "test");
        using var impatience = new CancellationTokenSource();
        batcher.Announce();
        var leaves = OnThread(() => Filled(batcher, 5, impatience.Token));
        await Eventually.TrueAsync(() => Task.FromResult(batch.State == BatchState.Running), "the batch runs");
        await impatience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leaves);
        Assert.True(batch.Interrupted); // which also lets it end
        Assert.Equal(14, await OnThread(() => Double(batcher, 7)));
    }

    [Fact]
    public async Task Take_AllBatchesUnderWay_CanBeGivenUpAndWithdrawsTheImage()
    {
        DoublingBatch[] batches = [new(1) { Held = new ManualResetEventSlim() }, new(1)];
        using var batcher = new Batcher(new BatchRules(1, Long), batches, TimeProvider.System, "test");
        using var impatience = new CancellationTokenSource();
        var runs = OnThread(() => Double(batcher, 5));
        await Eventually.TrueAsync(() => Task.FromResult(batches[0].State == BatchState.Running), "the first batch runs");
        var waits = OnThread(() => Double(batcher, 6));
        await Eventually.TrueAsync(() => Task.FromResult(batches[1].Filled == 1), "the second batch waits for the session");
        Thread? caller = null;
        var leaves = OnThread(() =>
        {
            caller = Thread.CurrentThread;
            return Double(batcher, 7, impatience.Token);
        });
        await Eventually.TrueAsync(() => Task.FromResult(caller?.ThreadState.HasFlag(ThreadState.WaitSleepJoin) == true), "the third image waits");
        await impatience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leaves);
        batches[0].Held!.Set();
        Assert.Equal((10, 12), (await runs, await waits));
        Assert.Equal(16, await OnThread(() => Double(batcher, 8))); // no image that left is waited for
    }

    [Fact]
    public async Task Wait_GivenUpByAllBeforeTheRun_SkipsIt()
    {
        DoublingBatch[] batches = [new(1) { Held = new ManualResetEventSlim() }, new(1)];
        using var batcher = new Batcher(new BatchRules(1, Long), batches, TimeProvider.System, "test");
        using var impatience = new CancellationTokenSource();
        var runs = OnThread(() => Double(batcher, 5));
        await Eventually.TrueAsync(() => Task.FromResult(batches[0].State == BatchState.Running), "the first batch runs");
        var leaves = OnThread(() => Double(batcher, 6, impatience.Token));
        await Eventually.TrueAsync(() => Task.FromResult(batches[1].Filled == 1), "the second batch waits for the session");
        await impatience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leaves);
        batches[0].Held!.Set();
        Assert.Equal(10, await runs);
        await Eventually.TrueAsync(() => Task.FromResult(batches[1].State == BatchState.Free), "the second batch is free again");
        Assert.Empty(batches[1].Runs); // a run that hung would have nobody to end it
    }

    static int Double(Batcher batcher, int number, CancellationToken impatience = default)
    {
        batcher.Announce();
        return Filled(batcher, number, impatience);
    }

    static int Filled(Batcher batcher, int number, CancellationToken impatience = default)
    {
        using var place = batcher.Take(impatience);
        var batch = (DoublingBatch)place.Batch;
        batch.Numbers[place.Index] = number;
        place.Fill();
        place.Wait(impatience);
        return batch.Numbers[place.Index];
    }

    static Task<int> OnThread(Func<int> work) =>
        Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    sealed class DoublingBatch(int most) : Batch
    {
        public int[] Numbers { get; } = new int[most];
        public List<int> Runs { get; } = [];
        public ManualResetEventSlim? Held { get; init; }
        public bool Interrupted { get; private set; }

        public override void Run(int size)
        {
            Held?.Wait();
            Assert.InRange(Taken, 1, most);
            Runs.Add(Taken);
            for (var i = 0; i < Taken; i++) Numbers[i] *= 2;
        }

        public override void Interrupt()
        {
            Interrupted = true;
            Held?.Set();
        }
    }
}

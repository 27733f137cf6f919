using System.IO.Pipelines;
using RetrainLoop.Inference.Execution;
using RetrainLoop.Inference.Images;
using RetrainLoop.Inference.Predict;

namespace RetrainLoop.Tests.Inference.Predict;

/// <summary>What bodies take of the memory that they may take together.</summary>
public sealed class PooledBodyTests
{
    const int Kilobyte = 1024;
    static readonly ImageOptions Limits = new() { MaxMegabytes = 2 };

    [Theory]
    [InlineData(300 * Kilobyte, null, 512 * Kilobyte)] // it grew once
    [InlineData(300 * Kilobyte, 300L * Kilobyte, 512 * Kilobyte)]
    [InlineData(10, null, 256 * Kilobyte)]
    public async Task ReadAsync_Body_TakesWhatItRentsUntilTheLastOwnerLetsGo(int length, long? declared, int rented)
    {
        var budget = new ByteBudget(10_000_000);
        var bytes = await ReadAsync(new MemoryStream(new byte[length]), budget, declared);
        Assert.Equal((rented, length), (budget.Taken, bytes.Memory.Length));
        bytes.Retain();
        bytes.Release();
        Assert.Equal(rented, budget.Taken);
        bytes.Release();
        Assert.Equal(0, budget.Taken);
    }

    [Fact]
    public async Task ReadAsync_BodyUnderWay_CountsBeforeItHasArrived()
    {
        var budget = new ByteBudget(300 * Kilobyte);
        var pipe = new Pipe();
        var slow = ReadAsync(pipe.Reader.AsStream(), budget, null);
        Assert.Equal(256 * Kilobyte, budget.Taken);
        await Assert.ThrowsAsync<OverloadedException>(() => ReadAsync(new MemoryStream(new byte[10]), budget, null));
        await pipe.Writer.CompleteAsync(new IOException("The sender went away."));
        await Assert.ThrowsAsync<IOException>(() => slow);
        Assert.Equal(0, budget.Taken);
    }

    [Fact]
    public async Task ReadAsync_BodyThatGrowsBeyondTheBudget_IsRefusedAndGivesBackWhatItHad()
    {
        var budget = new ByteBudget(1024 * Kilobyte);
        var first = await ReadAsync(new MemoryStream(new byte[400 * Kilobyte]), budget, null);
        var refusal = await Assert.ThrowsAsync<OverloadedException>(() => ReadAsync(new MemoryStream(new byte[1500 * Kilobyte]), budget, null));
        Assert.Contains("Predict:MaxMegabytesInFlight", refusal.Message);
        Assert.Equal(512 * Kilobyte, budget.Taken);
        await Assert.ThrowsAsync<BadImageException>(() => ReadAsync(new MemoryStream(new byte[2_100_000]), new ByteBudget(10_000_000), null));
        first.Release();
        Assert.Equal(0, budget.Taken);
    }

    [Fact]
    public async Task ReadAsync_ManyAtOnce_NeverTakeMoreThanTheBudget()
    {
        var budget = new ByteBudget(2048 * Kilobyte);
        long held = 0;
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 200).Select(number => Task.Run(async () =>
        {
            try
            {
                var bytes = await ReadAsync(new MemoryStream(new byte[100 * Kilobyte * (1 + number % 9)]), budget, null);
                var together = Interlocked.Add(ref held, bytes.Held);
                Assert.InRange(together, 1, budget.Most);
                await Task.Yield();
                Interlocked.Add(ref held, -bytes.Held);
                bytes.Release();
                return true;
            }
            catch (OverloadedException)
            {
                return false;
            }
        })));
        Assert.Contains(true, outcomes);
        Assert.Equal(0, budget.Taken);
    }

    static Task<FrameBytes> ReadAsync(Stream body, ByteBudget budget, long? declared) =>
        PooledBody.ReadAsync(body, declared, "The body", Limits, budget, default);
}

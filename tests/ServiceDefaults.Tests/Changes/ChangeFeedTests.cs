using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using RetrainLoop.ServiceDefaults.Changes;
using RetrainLoop.ServiceDefaults.Data;

namespace RetrainLoop.Tests.ServiceDefaults.Changes;

public sealed class ChangeFeedTests(PostgresServer postgres) : IAsyncLifetime
{
    static readonly DateTimeOffset At = new(2026, 11, 23, 6, 0, 0, TimeSpan.Zero);
    NpgsqlDataSource database = null!;

    public async ValueTask InitializeAsync()
    {
        var connectionString = await postgres.CreateDatabaseAsync();
        await new Migrator(connectionString, typeof(ChangeFeed).Assembly, TimeProvider.System, NullLogger<Migrator>.Instance).StartAsync(default);
        database = NpgsqlDataSource.Create(connectionString);
    }

    public async ValueTask DisposeAsync() => await database.DisposeAsync();

    [Fact]
    public async Task ReadAsync_EarlierTransactionCommitsLate_IsNotSkipped()
    {
        await using var slow = await database.OpenConnectionAsync();
        await using var slowTransaction = await slow.BeginTransactionAsync();
        await ChangeFeed.AppendAsync(slow, slowTransaction, "test", "slow", 1, At, default);
        await AppendCommittedAsync("fast");

        var whileOpen = await ChangeFeed.ReadAsync(database, ChangeFeed.Start, 10, [], default);
        Assert.Empty(whileOpen.Changes);

        await slowTransaction.CommitAsync();
        var after = await ChangeFeed.ReadAsync(database, whileOpen.Next, 10, [], default);
        Assert.Equal(["slow", "fast"], after.Changes.Select(change => change.Subject));
    }

    [Fact]
    public async Task ReadAsync_ManyConcurrentWriters_EachChangeIsReadOnce()
    {
        var writers = Enumerable.Range(0, 8).Select(async writer =>
        {
            for (var i = 0; i < 25; i++) await AppendCommittedAsync($"{writer}-{i}");
        }).ToList();
        var seen = new List<string>();
        var cursor = ChangeFeed.Start;
        while (seen.Count < 200)
        {
            var page = await ChangeFeed.ReadAsync(database, cursor, 7, [], TestContext.Current.CancellationToken);
            seen.AddRange(page.Changes.Select(change => change.Subject));
            cursor = page.Next;
        }
        await Task.WhenAll(writers);
        Assert.Equal(200, seen.Distinct().Count());
        Assert.Empty((await ChangeFeed.ReadAsync(database, cursor, 7, [], default)).Changes);
    }

    [Fact]
    public async Task ReadAsync_Kinds_ReturnsOnlyThose()
    {
        await AppendCommittedAsync("one", "a");
        await AppendCommittedAsync("two", "b");
        var page = await ChangeFeed.ReadAsync(database, ChangeFeed.Start, 10, ["b"], default);
        var change = Assert.Single(page.Changes);
        Assert.Equal(("two", At, "payload of two"), (change.Subject, change.At, change.Read<string>()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("5")]
    [InlineData("-1.2")]
    [InlineData("a.b")]
    public async Task ReadAsync_ForeignCursor_IsRefused(string cursor) =>
        await Assert.ThrowsAsync<FormatException>(() => ChangeFeed.ReadAsync(database, cursor, 10, [], default));

    async Task AppendCommittedAsync(string subject, string kind = "test")
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await ChangeFeed.AppendAsync(connection, transaction, kind, subject, $"payload of {subject}", At, default);
        await transaction.CommitAsync();
    }
}

using System.Net.Http.Json;
using Npgsql;
using RetrainLoop.LocalHost.Stack;

namespace RetrainLoop.Tests.LocalHost.Stack;

/// <summary>Hosts with real PostgreSQL and Redis.</summary>
public sealed class StackWithStoresTests
{
    const string Stores = "Sample__Stores=true";

    [Fact]
    public async Task Kill_PostgresAndRedis_ComeBackWithTheirData()
    {
        await using var stack = SampleStack.Start(Stores);
        await stack.UntilAsync(StackState.Running);
        Assert.Equal(ResourceState.Finished, stack.Resource("prepare").State);
        var database = await stack.First.GetStringAsync("/environment/ConnectionStrings__sampledb");
        await ExecuteAsync(database, "CREATE TABLE kept AS SELECT 42 AS answer");
        var (postgres, redis) = (stack.Resource("postgres").Pid!.Value, stack.Resource("redis").Pid!.Value);

        SampleStack.Kill(postgres);
        SampleStack.Kill(redis);
        await stack.UntilAsync("postgres", found => found.State == ResourceState.Running && found.Pid != postgres);
        await stack.UntilAsync("redis", found => found.State == ResourceState.Running && found.Pid != redis);
        Assert.Equal(42, await ScalarAsync(database, "SELECT answer FROM kept"));
    }

    [Fact]
    public async Task Stop_Always_LeavesNothingAndKeepsEverything()
    {
        await using var stack = SampleStack.Start(Stores);
        await stack.UntilAsync(StackState.Running);
        await stack.First.PostAsync("/children", null);
        var database = await stack.First.GetStringAsync("/environment/ConnectionStrings__sampledb");
        await ExecuteAsync(database, "CREATE TABLE kept AS SELECT 42 AS answer");
        Assert.Equal(0, await stack.StopAsync());
        Assert.Empty(stack.Processes());
        Assert.Null(stack.Status);

        stack.StartAgain(Stores);
        await stack.UntilAsync(StackState.Running);
        Assert.Equal(database, await stack.First.GetStringAsync("/environment/ConnectionStrings__sampledb"));
        Assert.Equal(42, await ScalarAsync(database, "SELECT answer FROM kept"));
    }

    [Fact]
    public async Task Kill_Host_LeavesNothingAndTheNextStartWorks()
    {
        await using var stack = SampleStack.Start(Stores, "Sample__Replicas=2");
        await stack.UntilAsync(StackState.Running);
        var child = await (await stack.First.PostAsync("/children", null)).Content.ReadFromJsonAsync<int>();
        Assert.Contains(child, stack.Processes());

        var before = stack.Resource("first").Pid;
        SampleStack.Kill(stack.HostId);
        await stack.ExitAsync();
        stack.StartAgain(Stores);
        await stack.UntilAsync("first", first => first.State == ResourceState.Running && first.Pid != before);
        Assert.DoesNotContain(child, stack.Processes());
        // PostgreSQL was shut down in order, not lost.
        var log = File.ReadAllText(Path.Combine(stack.Folder, "logs", "postgres.log"));
        Assert.DoesNotContain("was interrupted", log, StringComparison.Ordinal);

        SampleStack.Kill(stack.HostId);
        await Eventually.TrueAsync(() => Task.FromResult(stack.Processes().Count == 0), "nothing of a killed host is left");
    }

    [Fact]
    public async Task ConnectionStrings_Set_UseThatServerAndStartNone()
    {
        await using var owner = SampleStack.Start(Stores);
        await owner.UntilAsync(StackState.Running);
        var server = new NpgsqlConnectionStringBuilder(await owner.First.GetStringAsync("/environment/ConnectionStrings__sampledb")) { Database = null };
        var redis = await owner.First.GetStringAsync("/environment/ConnectionStrings__redis");
        await ExecuteAsync($"{server.ConnectionString};Database=postgres", "DROP DATABASE sampledb");

        await using var guest = SampleStack.Start(Stores, $"ConnectionStrings__postgres={server.ConnectionString}", $"ConnectionStrings__redis={redis}");
        await guest.UntilAsync(StackState.Running);
        Assert.Null(guest.Resource("postgres").Pid);
        Assert.Null(guest.Resource("redis").Pid);
        Assert.False(Directory.Exists(Path.Combine(guest.Folder, "postgres")));
        Assert.Equal(redis, await guest.First.GetStringAsync("/environment/ConnectionStrings__redis"));
        Assert.Equal(1, await ScalarAsync(await guest.First.GetStringAsync("/environment/ConnectionStrings__sampledb"), "SELECT 1"));
    }

    [Fact]
    public async Task Start_FolderOnlyForRoot_RunsPostgresAsAnotherUserThere()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Only root has to give up its rights for PostgreSQL.");
        var folder = Path.Combine(Path.GetTempPath(), $"retrainloop-stack-{Guid.NewGuid():N}");
        Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        await using var stack = SampleStack.StartIn(folder, Stores);
        await stack.UntilAsync(StackState.Running);
        var user = File.ReadLines($"/proc/{stack.Resource("postgres").Pid}/status").First(line => line.StartsWith("Uid:", StringComparison.Ordinal));
        Assert.NotEqual("0", user.Split('\t')[1]);
    }

    [Theory]
    [InlineData("RetrainLoop__PostgresBinaries", "PostgreSQL is not installed. Install it (Debian and Ubuntu: apt install postgresql")]
    [InlineData("RetrainLoop__RedisBinaries", "Redis is not installed. Install it (Debian and Ubuntu: apt install redis-server")]
    public async Task Start_BinariesMissing_SaysWhatToInstall(string setting, string sentence)
    {
        await using var stack = SampleStack.Start(Stores, $"{setting}=/nowhere");
        Assert.Equal(1, await stack.ExitAsync());
        Assert.Contains(sentence, stack.Output, StringComparison.Ordinal);
    }

    static async Task ExecuteAsync(string connectionString, string sql)
    {
        await using var source = NpgsqlDataSource.Create(connectionString);
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    static async Task<object?> ScalarAsync(string connectionString, string sql)
    {
        await using var source = NpgsqlDataSource.Create(connectionString);
        await using var command = source.CreateCommand(sql);
        return await command.ExecuteScalarAsync();
    }
}

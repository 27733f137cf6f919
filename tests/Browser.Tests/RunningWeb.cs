using RetrainLoop.Tests.Browser.Fakes;

namespace RetrainLoop.Tests.Browser;

/// <summary>One Web with its administrator for a class of tests. Does nothing where there is no browser, so that the tests can skip.</summary>
public sealed class RunningWeb(PostgresServer postgres, RedisServer redis, Chromium chromium) : IAsyncLifetime
{
    FakeStack? stack;
    WebProcess? web;

    public FakeStack Stack => stack!;
    public WebProcess Web => web!;
    public string Database { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        if (!chromium.IsThere) return;
        stack = await FakeStack.StartAsync();
        Database = await postgres.CreateDatabaseAsync();
        web = await WebProcess.StartAsync(Database, redis.ConnectionString, stack);
        await using var session = await Session.OpenAsync(chromium.Browser, web);
        await session.SetUpAsync(web);
    }

    /// <summary>Signed in, on the overview; by default as the administrator. Everybody has the same password.</summary>
    public async Task<Session> SignInAsync(string name = Session.Name)
    {
        var browser = chromium.Browser;
        var session = await Session.OpenAsync(browser, Web);
        await session.SignInAsync(name);
        return session;
    }

    /// <summary>Ends Web and starts it again on the same data and address.</summary>
    public async Task RestartAsync(Func<Task> whileAway)
    {
        await Web.StopAsync();
        await whileAway();
        web = await WebProcess.StartAsync(Database, redis.ConnectionString, Stack, Web.Data, Web.Address);
    }

    public async ValueTask DisposeAsync()
    {
        if (web is not null) await web.DisposeAsync();
        if (stack is not null) await stack.DisposeAsync();
    }
}

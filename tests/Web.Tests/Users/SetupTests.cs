using System.Net;
using Microsoft.Extensions.DependencyInjection;
using RetrainLoop.Web.Users;

namespace RetrainLoop.Tests.Web.Users;

/// <summary>The first start: a link that makes one administrator, once.</summary>
public sealed class SetupTests(PostgresServer postgres, RedisServer redis)
{
    static readonly Dictionary<string, string> Ada = new() { ["Form.Name"] = "ada", ["Form.Password"] = "a loop of washers", ["Form.Again"] = "a loop of washers" };

    [Fact]
    public async Task Setup_LinkUsed_MakesTheAdministratorAndIsVoid()
    {
        await using var web = await WebWithUsers.StartAsync(postgres, redis);
        using var browser = WebWithUsers.Browser(web);
        Assert.Equal("/setup", (await browser.GetAsync("/loop")).Headers.Location!.OriginalString);
        var file = web.Services.GetRequiredService<SetupLink>().FilePath;
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        var link = new Uri((await File.ReadAllTextAsync(file)).Trim()).PathAndQuery;

        var weak = await WebWithUsers.SubmitAsync(browser, link, new(Ada) { ["Form.Password"] = "short", ["Form.Again"] = "short" });
        Assert.Contains("at least 12 characters", await weak.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        var created = await WebWithUsers.SubmitAsync(browser, link, new(Ada));
        Assert.Equal(HttpStatusCode.Redirect, created.StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/v1/keys")).StatusCode);

        Assert.False(File.Exists(file));
        using var stranger = WebWithUsers.Browser(web);
        Assert.EndsWith("/login", (await stranger.GetAsync(link)).Headers.Location!.OriginalString, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CreateAsync_SameLinkTwiceAtOnce_MakesOneAdministrator()
    {
        await using var web = await WebWithUsers.StartAsync(postgres, redis);
        using var started = WebWithUsers.Browser(web);
        var link = (await File.ReadAllTextAsync(web.Services.GetRequiredService<SetupLink>().FilePath)).Trim();
        var results = await Task.WhenAll(Enumerable.Range(0, 4).Select(async index =>
        {
            await using var scope = web.Services.CreateAsyncScope();
            return await scope.ServiceProvider.GetRequiredService<FirstAdministrator>().CreateAsync(
                link[(link.IndexOf('=', StringComparison.Ordinal) + 1)..], $"ada{index}", "a loop of washers", CancellationToken.None);
        }));
        Assert.Single(results, result => result.User is not null);
        Assert.All(results.Where(result => result.User is null), result => Assert.Contains("not valid any more", Assert.Single(result.Errors), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Setup_ForgedToken_ShowsWhereTheLinkIsAndMakesNobody()
    {
        await using var web = await WebWithUsers.StartAsync(postgres, redis);
        using var browser = WebWithUsers.Browser(web);
        var answer = await WebWithUsers.SubmitAsync(browser, "/setup?token=" + new string('0', 64), new(Ada) { ["_handler"] = "setup" });
        Assert.NotEqual(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.True(await web.Services.GetRequiredService<SetupLink>().IsNeededAsync(CancellationToken.None));
    }
}

using System.Net;

namespace RetrainLoop.Tests.Web.Users;

/// <summary>Wrong passwords, and links that lead elsewhere.</summary>
public sealed class SignInTests(PostgresServer postgres, RedisServer redis) : IAsyncLifetime
{
    readonly WebWithUsers under = new(postgres, redis);

    public ValueTask InitializeAsync() => under.InitializeAsync();
    public ValueTask DisposeAsync() => under.DisposeAsync();

    [Fact]
    public async Task Post_ManyWrongPasswords_LocksTheNameThenSlowsTheAddress()
    {
        using var browser = WebWithUsers.Browser(under.Web);
        for (var attempt = 0; attempt < 5; attempt++) await TryAsync(browser, "wrong wrong wrong");
        var locked = await TryAsync(browser, WebWithUsers.Password);
        Assert.Contains("Too many wrong passwords", await locked.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        HttpResponseMessage last;
        var tries = 0;
        do last = await TryAsync(browser, "wrong wrong wrong");
        while (last.StatusCode == HttpStatusCode.OK && ++tries < 20);
        Assert.Equal(HttpStatusCode.TooManyRequests, last.StatusCode);
    }

    [Theory]
    [InlineData("/loop", "/loop")]
    [InlineData("https://elsewhere.example/", "/")]
    [InlineData("//elsewhere.example/", "/")]
    [InlineData("/\\elsewhere.example/", "/")]
    public async Task Post_ReturnUrl_StaysOnThisSite(string asked, string led)
    {
        using var browser = WebWithUsers.Browser(under.Web);
        var answer = await WebWithUsers.SubmitAsync(browser, $"/login?ReturnUrl={Uri.EscapeDataString(asked)}",
            new() { ["Form.Name"] = "Viewer", ["Form.Password"] = WebWithUsers.Password });
        Assert.Equal(led, answer.Headers.Location!.IsAbsoluteUri ? answer.Headers.Location.AbsolutePath : answer.Headers.Location.OriginalString);
    }

    static Task<HttpResponseMessage> TryAsync(HttpClient browser, string password) =>
        WebWithUsers.SubmitAsync(browser, "/login", new() { ["Form.Name"] = "Operator", ["Form.Password"] = password });
}

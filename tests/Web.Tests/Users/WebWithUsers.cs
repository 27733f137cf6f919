using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;
using RetrainLoop.Web.Users;

namespace RetrainLoop.Tests.Web.Users;

/// <summary>Web with its database, with one user of each role; every other service answers 404 at once.</summary>
public sealed partial class WebWithUsers(PostgresServer postgres, RedisServer redis) : IAsyncLifetime
{
    public const string Password = "correct horse battery";
    ServiceUnderTest<Program>? web;

    public ServiceUnderTest<Program> Web => web!;

    public async ValueTask InitializeAsync()
    {
        web = await StartAsync(postgres, redis);
        await using var scope = Web.Services.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<User>>();
        foreach (var role in Enum.GetValues<AccessRole>().Where(role => role != AccessRole.Predict))
            Assert.True((await users.CreateAsync(new User { Id = Guid.NewGuid(), UserName = role.ToString(), Role = role }, Password)).Succeeded);
    }

    public static async Task<ServiceUnderTest<Program>> StartAsync(PostgresServer postgres, RedisServer redis) => new(
        ServiceUnderTest<Program>.Settings("webdb", await postgres.CreateDatabaseAsync(), redis.ConnectionString),
        services: services => services.ConfigureHttpClientDefaults(http => http.ConfigurePrimaryHttpMessageHandler(() => new NobodyThere())));

    /// <summary>A browser: takes HTML, keeps cookies, shows redirects instead of following them.</summary>
    public static HttpClient Browser(ServiceUnderTest<Program> web)
    {
        var client = web.CreateClient(new WebApplicationFactoryClientOptions { AllowAutoRedirect = false });
        client.DefaultRequestHeaders.Accept.ParseAdd("text/html");
        return client;
    }

    /// <summary>A browser in which the user of that role signed in.</summary>
    public async Task<HttpClient> SignedInAsync(AccessRole role)
    {
        var browser = Browser(Web);
        var answer = await SubmitAsync(browser, "/login", new() { ["Form.Name"] = role.ToString(), ["Form.Password"] = Password });
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        return browser;
    }

    /// <summary>Opens a page and posts its form, with the hidden fields that it carries.</summary>
    public static async Task<HttpResponseMessage> SubmitAsync(HttpClient browser, string page, Dictionary<string, string> fields)
    {
        var html = await browser.GetStringAsync(page);
        foreach (Match hidden in HiddenField().Matches(html)) fields[hidden.Groups[1].Value] = WebUtility.HtmlDecode(hidden.Groups[2].Value);
        return await browser.PostAsync(page, new FormUrlEncodedContent(fields));
    }

    public async ValueTask DisposeAsync()
    {
        if (web is not null) await web.DisposeAsync();
    }

    [GeneratedRegex("""<input type="hidden" name="([^"]+)" value="([^"]*)""")]
    private static partial Regex HiddenField();

    sealed class NobodyThere : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage(HttpStatusCode.NotFound) { RequestMessage = request, Content = new StringContent("") });
    }
}

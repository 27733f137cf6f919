using System.Net;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace RetrainLoop.Tests.Web.Users;

/// <summary>Who comes in where.</summary>
public sealed class AccessTests(WebWithUsers under) : IClassFixture<WebWithUsers>
{
    const string Picture = "/images/labeling/0000000000000000000000000000000000000000000000000000000000000000";

    // Every route that a person meets, with the least role that it opens for.
    static readonly (string Path, AccessRole Least)[] Routes =
    [
        ("/", AccessRole.Viewer), ("/loop", AccessRole.Viewer), ("/models", AccessRole.Viewer), ("/models/upload", AccessRole.Operator), ("/deployments/line/drift", AccessRole.Viewer),
        ("/deployments/line/holdout", AccessRole.Viewer), ("/deployments/line/diagnosis", AccessRole.Viewer), ("/deployments/line/predict", AccessRole.Viewer),
        ("/deployments/line/compare", AccessRole.Viewer), ("/v1/loop-runs", AccessRole.Viewer), ("/v1/policies/line", AccessRole.Viewer), (Picture, AccessRole.Viewer),
        ("/label", AccessRole.Annotator), ("/jobs", AccessRole.Operator), ("/hangfire", AccessRole.Operator), ("/v1/keys", AccessRole.Admin),
    ];

    // Open to everybody, and nothing else is.
    static readonly string[] Open =
        ["/login", "/setup", "/problem/{Status:int}", "/theme.css", "/health", "/alive", "/openapi/{documentName}.json", "/scalar/", "/scalar/{documentName?}", "/scalar/scalar.js", "/scalar/scalar.aspnetcore.js", "/scalar/favicon.svg"];

    [Theory]
    [InlineData(AccessRole.Viewer)]
    [InlineData(AccessRole.Annotator)]
    [InlineData(AccessRole.Operator)]
    [InlineData(AccessRole.Admin)]
    public async Task Get_EachRoute_OpensFromItsLeastRoleOn(AccessRole role)
    {
        using var browser = await under.SignedInAsync(role);
        foreach (var (path, least) in Routes)
        {
            var answer = await browser.GetAsync(path);
            Assert.True((answer.StatusCode != HttpStatusCode.Forbidden) == (role >= least), $"{role} at {path}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
            Assert.NotEqual(HttpStatusCode.Redirect, answer.StatusCode);
        }
    }

    [Fact]
    public async Task Get_Anonymous_LeadsPeopleToSignInAndRefusesPrograms()
    {
        using var browser = WebWithUsers.Browser(under.Web);
        using var program = under.Web.CreateClient();
        foreach (var (path, _) in Routes)
        {
            var page = await browser.GetAsync(path);
            var isApi = path.StartsWith("/v1", StringComparison.Ordinal) || path == Picture;
            if (isApi) Assert.Equal(HttpStatusCode.Unauthorized, page.StatusCode);
            else Assert.StartsWith("/login?ReturnUrl=", page.Headers.Location!.PathAndQuery, StringComparison.Ordinal);
            Assert.Equal(HttpStatusCode.Unauthorized, (await program.GetAsync(path)).StatusCode);
        }
    }

    [Fact]
    public void Endpoints_WithoutPolicy_AreOnlyThoseOnTheList()
    {
        var endpoints = under.Web.Services.GetServices<EndpointDataSource>().SelectMany(source => source.Endpoints).OfType<RouteEndpoint>();
        var open = endpoints.Where(endpoint => endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null)
            .Where(endpoint => !IsStaticFile(endpoint)).Select(endpoint => "/" + endpoint.RoutePattern.RawText!.TrimStart('/')).Distinct();
        Assert.Empty(open.Except(Open));
    }

    [Fact]
    public async Task Get_UnknownPath_IsClosedToStrangersAndAPageToUsers()
    {
        using var stranger = WebWithUsers.Browser(under.Web);
        Assert.Equal(HttpStatusCode.Redirect, (await stranger.GetAsync("/nowhere")).StatusCode);
        using var admin = await under.SignedInAsync(AccessRole.Admin);
        var answer = await admin.GetAsync("/nowhere");
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Contains("There is no such page", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Put_CookieAlone_ChangesNothingThroughTheApi()
    {
        using var admin = await under.SignedInAsync(AccessRole.Admin);
        var answer = await admin.PutAsync("/v1/policies/line", new StringContent("{}", MediaTypeHeaderValue.Parse("application/json")));
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Fact]
    public async Task Logout_WithoutToken_IsRefused()
    {
        using var viewer = await under.SignedInAsync(AccessRole.Viewer);
        Assert.Equal(HttpStatusCode.BadRequest, (await viewer.PostAsync("/logout", new FormUrlEncodedContent([]))).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await viewer.GetAsync("/")).StatusCode);
    }

    [Fact]
    public async Task Page_Answer_AllowsScriptsOfThisServerOnly()
    {
        using var browser = WebWithUsers.Browser(under.Web);
        var answer = await browser.GetAsync("/login");
        var policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("script-src 'self';", policy, StringComparison.Ordinal);
        Assert.Contains("nosniff", answer.Headers.GetValues("X-Content-Type-Options"));
    }

    [Fact]
    public async Task Page_DatabaseAway_SaysSoInHtml()
    {
        var handlers = under.Web.Services.GetServices<IExceptionHandler>();
        var context = new DefaultHttpContext { RequestServices = under.Web.Services };
        context.Request.Headers.Accept = "text/html";
        context.Response.Body = new MemoryStream();
        Assert.True(await handlers.First().TryHandleAsync(context, new Npgsql.NpgsqlException("away"), CancellationToken.None));
        Assert.Equal(503, context.Response.StatusCode);
        Assert.StartsWith("text/html", context.Response.ContentType, StringComparison.Ordinal);
    }

    // Files of wwwroot and of packages have fixed names and no parameters but Blazor's own fallback for fingerprints.
    static bool IsStaticFile(RouteEndpoint endpoint) =>
        endpoint.Metadata.Any(item => item.GetType().Name is "StaticAssetDescriptor") || endpoint.RoutePattern.RawText is "{**path:file}" or "_framework/opaque-redirect";
}

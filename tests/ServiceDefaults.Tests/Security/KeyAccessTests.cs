using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using RetrainLoop.ServiceDefaults.Security;

namespace RetrainLoop.Tests.ServiceDefaults.Security;

public sealed class KeyAccessTests : IAsyncLifetime
{
    const string Token = "service-token-of-the-tests-0123456789";
    WebApplication app = null!;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateBuilder();
        TestLog.Replace(builder.Logging);
        builder.WebHost.UseTestServer();
        builder.Configuration.AddInMemoryCollection([new("Security:ServiceToken", Token)]);
        builder.AddServiceDefaults();
        builder.AddKeyAccess(keepInDatabase: false);
        app = builder.Build();
        app.MapDefaultEndpoints();
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapKeySnapshot();
        app.MapGet("/view", (HttpContext context) => context.User.Identity!.Name).RequireAuthorization(Access.View);
        app.MapGet("/operate", () => "ok").RequireAuthorization(Access.Operate);
        app.MapGet("/of/{deployment}", () => "ok").RequireAuthorization(Access.View);
        app.MapGet("/both", () => "ok").RequireAuthorization(Access.View).RequireAuthorization(Access.Operate);
        app.MapGet("/forgotten", () => "ok");
        await app.StartAsync();
    }

    public async ValueTask DisposeAsync() => await app.DisposeAsync();

    [Fact]
    public async Task Health_NoSnapshotYet_IsNotReadyAndSaysWhy()
    {
        var response = await app.GetTestClient().GetAsync("/health");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Contains("waiting for Web to publish", await response.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.OK, (await app.GetTestClient().GetAsync("/alive")).StatusCode);
    }

    [Theory]
    [InlineData(null, "/view", 401)]
    [InlineData("wrong", "/view", 401)]
    [InlineData("viewer", "/view", 200)]
    [InlineData("viewer", "/operate", 403)]
    [InlineData("operator", "/operate", 200)]
    [InlineData("viewer", "/both", 403)]
    [InlineData("operator", "/both", 200)]
    [InlineData("operator", "/forgotten", 403)]
    [InlineData(null, "/forgotten", 401)]
    [InlineData("viewer-of-line", "/of/line", 200)]
    [InlineData("viewer-of-line", "/of/other", 403)]
    [InlineData("viewer-of-line", "/view", 403)]
    [InlineData(Token, "/forgotten", 200)]
    public async Task Route_KeyOfARole_AnswersByPolicy(string? key, string path, int status)
    {
        await PublishAsync();
        var response = await SendAsync(HttpMethod.Get, path, key);
        Assert.Equal(status, (int)response.StatusCode);
        if (status >= 400) Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task KeySnapshot_PutByAnOperator_IsForbidden()
    {
        await PublishAsync();
        var response = await SendAsync(HttpMethod.Put, "/v1/key-snapshot", "operator", JsonContent.Create(new KeySnapshot(9, DateTimeOffset.UnixEpoch, [])));
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
    }

    [Fact]
    public async Task ServiceToken_ActingUser_IsTheNameSeen()
    {
        var client = app.GetTestClient();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        client.DefaultRequestHeaders.Add(KeyAuthentication.ActingUserHeader, "ada");
        Assert.Equal("ada", await client.GetStringAsync("/view"));
    }

    async Task PublishAsync()
    {
        static KeyEntry Entry(string key, AccessRole role, params string[] deployments) => new(Guid.NewGuid(), key, KeyRing.HashOf(key), role, deployments);
        var snapshot = new KeySnapshot(1, DateTimeOffset.UnixEpoch,
            [Entry("viewer", AccessRole.Viewer), Entry("operator", AccessRole.Operator), Entry("viewer-of-line", AccessRole.Viewer, "line")]);
        var response = await SendAsync(HttpMethod.Put, "/v1/key-snapshot", Token, JsonContent.Create(snapshot, options: ContractJson.Options));
        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
    }

    Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? key, HttpContent? content = null)
    {
        var request = new HttpRequestMessage(method, path) { Content = content };
        if (key is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return app.GetTestClient().SendAsync(request);
    }
}

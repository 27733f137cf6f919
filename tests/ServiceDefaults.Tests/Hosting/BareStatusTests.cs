using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace RetrainLoop.Tests.ServiceDefaults.Hosting;

/// <summary>A service as it runs in production, where the framework explains nothing by itself.</summary>
public sealed class BareStatusTests : IAsyncLifetime
{
    WebApplication app = null!;
    HttpClient client = null!;

    sealed record Body(int Number);

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = Environments.Production });
        TestLog.Replace(builder.Logging);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.AddServiceDefaults();
        builder.Services.AddAuthorization();
        app = builder.Build();
        app.MapDefaultEndpoints();
        app.MapPost("/number", (Body body) => body.Number).WithMetadata(new RequestSizeLimitAttribute(1_000_000));
        await app.StartAsync();
        client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
    }

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        await app.DisposeAsync();
    }

    [Theory]
    [InlineData("POST", "/number", "{\"number\": tru}", "application/json", HttpStatusCode.BadRequest, "not the JSON that this call takes")]
    [InlineData("POST", "/number", "7", "text/csv", HttpStatusCode.UnsupportedMediaType, "text/csv")]
    [InlineData("PUT", "/number", "7", "application/json", HttpStatusCode.MethodNotAllowed, "does not take PUT")]
    [InlineData("POST", "/nmber", "7", "application/json", HttpStatusCode.NotFound, "nothing at /nmber")]
    public async Task Answer_InProduction_SaysWhatIsWrong(string method, string path, string body, string type, HttpStatusCode status, string expected)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = new StringContent(body, Encoding.UTF8, type) };
        await AssertSaysAsync(await client.SendAsync(request), status, expected);
    }

    [Fact]
    public async Task Answer_BodyOverTheLimit_NamesTheLimit() => await AssertSaysAsync(
        await client.PostAsJsonAsync("/number", new string('7', 1_100_000)), HttpStatusCode.RequestEntityTooLarge, "larger than the 1 MB");

    static async Task AssertSaysAsync(HttpResponseMessage response, HttpStatusCode status, string expected)
    {
        var body = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == status, $"{(int)response.StatusCode}: {body}");
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.Contains(expected, JsonDocument.Parse(body).RootElement.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }
}

using System.Net;
using System.Net.Http.Headers;
using RetrainLoop.Tests.Web.Users;

namespace RetrainLoop.Tests.Web.Uploads;

/// <summary>Who may send files through Web, and that no foreign page can borrow a cookie for it.</summary>
public sealed class UploadProxyTests(WebWithUsers under) : IClassFixture<WebWithUsers>
{
    [Theory]
    [InlineData("/uploads/models", AccessRole.Viewer, HttpStatusCode.Forbidden)]
    [InlineData("/uploads/models", AccessRole.Operator, HttpStatusCode.BadRequest)]
    [InlineData("/uploads/pictures/line", AccessRole.Viewer, HttpStatusCode.BadRequest)]
    public async Task Post_CookieWithoutToken_ReachesNobody(string path, AccessRole role, HttpStatusCode status)
    {
        using var browser = await under.SignedInAsync(role);
        Assert.Equal(status, (await PostAsync(browser, path)).StatusCode);
    }

    [Fact]
    public async Task Post_Anonymous_IsRefused()
    {
        using var program = under.Web.CreateClient();
        Assert.Equal(HttpStatusCode.Unauthorized, (await PostAsync(program, "/uploads/models")).StatusCode);
    }

    static Task<HttpResponseMessage> PostAsync(HttpClient client, string path)
    {
        client.DefaultRequestHeaders.Accept.Clear();
        return client.PostAsync(path, new ByteArrayContent([1, 2, 3]) { Headers = { ContentType = MediaTypeHeaderValue.Parse("application/octet-stream") } });
    }
}

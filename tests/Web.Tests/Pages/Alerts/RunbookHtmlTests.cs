using RetrainLoop.Web.Pages.Alerts;

namespace RetrainLoop.Tests.Web.Pages.Alerts;

public sealed class RunbookHtmlTests
{
    [Fact]
    public void Render_Page_TakesTheTitleOutAndLowersHeadings()
    {
        var (title, body) = RunbookHtml.Render("# p95 *is* high\n\n## Look first\n\n1. `queue`");
        Assert.Equal("p95 is high", title);
        Assert.Contains("<h3>Look first</h3>", body.Value, StringComparison.Ordinal);
        Assert.DoesNotContain("p95", body.Value, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("<img src=x onerror=alert(1)>")]
    [InlineData("[look](javascript:alert(1))")]
    [InlineData("[look]( JaVaScRiPt:alert(1))")]
    [InlineData("[look](data:text/html;base64,PHNjcmlwdD4=)")]
    [InlineData("<javascript:alert(1)>")]
    [InlineData("[look][1]\n\n[1]: javascript:alert(1)")]
    public void Render_ScriptInThePage_DoesNotRun(string markdown)
    {
        var html = RunbookHtml.Render(markdown).Body.Value;
        Assert.DoesNotContain("<script", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("<img", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("href=\"javascript", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("href=\"data", html, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("/deployments/{deployment}/drift?from={from}")]
    [InlineData("/deployments/%7Bdeployment%7D")]
    public void Render_LinkThatWasNotFilled_IsTextWithAHint(string address)
    {
        var html = RunbookHtml.Render($"1. [The *drift* page]({address}): look").Body.Value;
        Assert.DoesNotContain("<a", html, StringComparison.Ordinal);
        Assert.Contains($"The <em>drift</em> page{RunbookHtml.Unfilled}: look", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Address_OfADeploymentAndATime_CarriesBoth() => Assert.Equal(
        "/alerts/runbooks/no-data?deployment=line&from=2026-11-23T06%3A00%3A00Z",
        RunbookAddress.Of("no-data", "line", new DateTimeOffset(2026, 11, 23, 6, 0, 0, TimeSpan.Zero)));

    [Theory]
    [InlineData("/deployments/line?from=2026-11-23T06%3A00%3A00Z")]
    [InlineData("https://wiki.example.com/on-call")]
    [InlineData("#later")]
    public void Render_OrdinaryLinks_Stay(string address) =>
        Assert.Contains($"href=\"{address}\"", RunbookHtml.Render($"[there]({address})").Body.Value, StringComparison.Ordinal);
}

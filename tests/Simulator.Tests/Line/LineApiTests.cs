using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace RetrainLoop.Tests.Simulator.Line;

public sealed class LineApiTests
{
    [Theory]
    [InlineData("""{"framesPerSecond":-1}""", "framesPerSecond")]
    [InlineData("""{"framesPerSecond":51}""", "framesPerSecond")]
    [InlineData("""{"malformedShare":1.5}""", "malformedShare")]
    [InlineData("""{"slowClients":-0.1}""", "slowClients")]
    [InlineData("""{"drift":{"light":2}}""", "drift.light")]
    [InlineData("""{"burst":{"requestsPerSecond":100000,"seconds":5}}""", "burst.requestsPerSecond")]
    [InlineData("""{"burst":{"requestsPerSecond":10,"seconds":9999}}""", "burst.seconds")]
    [InlineData("""{"framesPerSecond":"many"}""", "JSON")]
    public async Task PutLine_OutOfRange_IsRefusedWithASentenceAndChangesNothing(string body, string named)
    {
        await using var simulator = SimulatorUnderTest.Create();
        using var client = simulator.CreateStackClient();
        var response = await client.PutAsync("/v1/line", new StringContent(body, System.Text.Encoding.UTF8, "application/json"));
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.Contains(named, (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("detail").GetString());
        var line = await client.GetFromJsonAsync<JsonElement>("/v1/line");
        Assert.Equal(5, line.GetProperty("framesPerSecond").GetDouble());
    }

    [Fact]
    public async Task PutLine_SomeMembers_KeepsTheOthers()
    {
        await using var simulator = SimulatorUnderTest.Create();
        using var client = simulator.CreateStackClient();
        await client.PutAsJsonAsync("/v1/line", new { framesPerSecond = 2.5, drift = new { light = 0.7 } });
        var line = await (await client.PutAsJsonAsync("/v1/line", new { paused = true })).Content.ReadFromJsonAsync<JsonElement>();
        Assert.True(line.GetProperty("paused").GetBoolean());
        Assert.Equal(2.5, line.GetProperty("framesPerSecond").GetDouble());
        Assert.Equal(0.7, line.GetProperty("drift").GetProperty("light").GetDouble());
    }

    [Fact]
    public async Task PutLine_WithoutKey_IsRefused()
    {
        await using var simulator = SimulatorUnderTest.Create();
        var response = await simulator.CreateClient().PutAsJsonAsync("/v1/line", new { paused = true });
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Fact]
    public async Task PostLabelledSets_Request_GivesAZipInYoloLayout()
    {
        await using var simulator = SimulatorUnderTest.Create();
        using var client = simulator.CreateStackClient();
        var response = await client.PostAsJsonAsync("/v1/labelled-sets", new { count = 2, seed = 3 });
        using var zip = new System.IO.Compression.ZipArchive(await response.Content.ReadAsStreamAsync());
        Assert.Contains("data.yaml", zip.Entries.Select(entry => entry.FullName));
        Assert.Equal(2, zip.Entries.Count(entry => entry.FullName.EndsWith(".jpg", StringComparison.Ordinal)));
        Assert.Equal(HttpStatusCode.BadRequest, (await client.PostAsJsonAsync("/v1/labelled-sets", new { count = 0 })).StatusCode);
    }
}

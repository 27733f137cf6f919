using System.Net;
using System.Net.Http.Json;
using RetrainLoop.ServiceDefaults.Security;
using RetrainLoop.Tests.Web.Outside;
using RetrainLoop.Web.Keys;

namespace RetrainLoop.Tests.Web.Keys;

public sealed class KeysTests(PostgresServer postgres, RedisServer redis) : IAsyncLifetime
{
    WebUnderTest web = null!;

    public async ValueTask InitializeAsync()
    {
        web = await WebUnderTest.StartAsync(await postgres.CreateDatabaseAsync(), redis.ConnectionString);
        await web.ReadyAsync();
    }

    public ValueTask DisposeAsync() => web.DisposeAsync();

    [Fact]
    public async Task Keys_FromCreationToRevocation_ReachEveryService()
    {
        await TakenEverywhereAsync(WebUnderTest.AdminKey, true);
        var admin = web.Admin();
        var answer = await admin.PostAsJsonAsync("/v1/keys", new ApiKeyRequest("camera gateway", AccessRole.Predict, ["line"]), ContractJson.Options);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        var made = (await WebUnderTest.ReadAsync<ApiKeyCreated>(answer))!;
        await TakenEverywhereAsync(made.Key, true);
        Assert.Equal(["line"], web.World.KeySnapshots["inference"].Keys.Single(key => key.Id == made.Id).Deployments);
        Assert.DoesNotContain(made.Key, await admin.GetStringAsync("/v1/keys"));

        Assert.Equal(HttpStatusCode.NoContent, (await admin.DeleteAsync($"/v1/keys/{made.Id}")).StatusCode);
        await TakenEverywhereAsync(made.Key, false);
        Assert.Equal(HttpStatusCode.Unauthorized, (await web.ClientOf(made.Key).GetAsync("/v1/loop-runs")).StatusCode);
    }

    [Fact]
    public async Task Publish_ServiceAwayAtAChange_GetsItWhenItIsBack()
    {
        await TakenEverywhereAsync(WebUnderTest.AdminKey, true);
        web.World.SetAway("labeling", true);
        var made = await web.Get<ApiKeys>().CreateAsync(new ApiKeyRequest("viewer", AccessRole.Viewer), "ann", default);
        await Eventually.TrueAsync(() => Task.FromResult(Knows("monitor", made.Key)), "Monitor takes the new key");
        Assert.False(Knows("labeling", made.Key));
        web.World.SetAway("labeling", false);
        await Eventually.TrueAsync(() => Task.FromResult(Knows("labeling", made.Key)), "Labeling takes the new key once it is back");
    }

    [Fact]
    public async Task Publish_ServiceLostItsCopy_GetsItAgain()
    {
        await TakenEverywhereAsync(WebUnderTest.AdminKey, true);
        web.World.KeySnapshots.Clear();
        await TakenEverywhereAsync(WebUnderTest.AdminKey, true);
    }

    [Fact]
    public async Task Api_WithoutTheRole_Refuses()
    {
        var viewer = await web.Get<ApiKeys>().CreateAsync(new ApiKeyRequest("viewer", AccessRole.Viewer), "ann", default);
        await Eventually.TrueAsync(async () => (await web.ClientOf(viewer.Key).GetAsync("/v1/loop-runs")).IsSuccessStatusCode, "the viewer key works in Web");
        Assert.Equal(HttpStatusCode.Forbidden, (await web.ClientOf(viewer.Key).GetAsync("/v1/keys")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await web.ClientOf("rl_nobody").GetAsync("/v1/keys")).StatusCode);
    }

    [Fact]
    public async Task Api_BadRequestsAndTheConfiguredKey_AreRefusedWithASentence()
    {
        var admin = web.Admin();
        Assert.Equal(
            HttpStatusCode.BadRequest,
            (await admin.PostAsJsonAsync("/v1/keys", new ApiKeyRequest("", AccessRole.Viewer), ContractJson.Options)).StatusCode);
        var configured = (await web.Get<ApiKeys>().ListAsync(default)).Single(key => key.FromConfiguration);
        var refusal = await admin.DeleteAsync($"/v1/keys/{configured.Id}");
        Assert.Equal(HttpStatusCode.Conflict, refusal.StatusCode);
        Assert.Contains("Security:AdminKey", await refusal.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.NotFound, (await admin.DeleteAsync($"/v1/keys/{Guid.NewGuid()}")).StatusCode);
    }

    [Fact]
    public async Task ConfigureAdmin_AnotherSecret_ReplacesTheFormerAndRaisesTheRevision()
    {
        var keys = web.Get<ApiKeys>();
        var before = await keys.SnapshotAsync(default);
        Assert.False(await keys.ConfigureAdminAsync(WebUnderTest.AdminKey, default));
        Assert.Equal(before.Revision, (await keys.SnapshotAsync(default)).Revision);
        Assert.True(await keys.ConfigureAdminAsync("another-secret", default));
        var after = await keys.SnapshotAsync(default);
        Assert.True(after.Revision > before.Revision);
        Assert.Equal(KeyRing.HashOf("another-secret"), Assert.Single(after.Keys).Sha256);
        Assert.True(await keys.ConfigureAdminAsync(WebUnderTest.AdminKey, default));
        Assert.Equal(KeyRing.HashOf(WebUnderTest.AdminKey), Assert.Single((await keys.SnapshotAsync(default)).Keys).Sha256);
    }

    bool Knows(string service, string key) =>
        web.World.KeySnapshots.TryGetValue(service, out var snapshot) && snapshot.Keys.Any(entry => entry.Sha256 == KeyRing.HashOf(key));

    Task TakenEverywhereAsync(string key, bool known) =>
        Eventually.TrueAsync(
            () => Task.FromResult(OutsideWorld.Services.All(service => web.World.KeySnapshots.ContainsKey(service) && Knows(service, key) == known)),
            $"every service {(known ? "knows" : "forgot")} the key");
}

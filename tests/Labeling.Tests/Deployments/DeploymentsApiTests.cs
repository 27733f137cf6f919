using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace RetrainLoop.Tests.Labeling.Deployments;

public sealed class DeploymentsApiTests(PostgresServer postgres) : LabelingService(postgres)
{
    Task<HttpResponseMessage> PutAsync(LabelingDeployment deployment) => Http.PutAsJsonAsync($"/v1/deployments/{Line}", deployment, ContractJson.Options);

    [Fact]
    public async Task Put_WithoutSlotValues_KeepsThoseSetBefore()
    {
        await PublishDeploymentAsync(slotSeconds: 30, evaluationShare: 0.4);
        await OkAsync(await PutAsync(new LabelingDeployment(["washer", "nut", "bolt"], "Asia/Tokyo")));
        var now = await GetAsync<LabelingDeployment>($"/v1/deployments/{Line}");
        Assert.Equal((3, "Asia/Tokyo", 30.0, 0.4), (now.ClassNames.Count, now.Zone, now.SlotSeconds, now.EvaluationShare));
    }

    [Fact]
    public async Task Put_UnknownZoneOrDoubleClass_IsRefused()
    {
        Assert.Contains("Berlin", await RefusedAsync(HttpStatusCode.UnprocessableEntity, await PutAsync(new LabelingDeployment(["a"], "Mars/Olympus"))), StringComparison.Ordinal);
        await RefusedAsync(HttpStatusCode.UnprocessableEntity, await PutAsync(new LabelingDeployment(["a", "a"], "UTC")));
    }

    [Fact]
    public async Task OpenApi_Document_DescribesEveryCall()
    {
        var paths = (await GetAsync<JsonElement>("/openapi/v1.json")).GetProperty("paths").EnumerateObject().Select(path => path.Name).ToList();
        Assert.Subset(paths.ToHashSet(), new HashSet<string> { "/v1/samples", "/v1/tasks/{id}/submit", "/v1/datasets/import", "/v1/deployments/{deployment}/freeze" });
    }
}

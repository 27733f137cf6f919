using System.Net;
using System.Text.Json;

namespace RetrainLoop.Tests.Inference.Predict;

/// <summary>Every golden picture and every broken or hostile file over real HTTP, with a good frame after each.</summary>
public sealed class GoldenImagesOverHttpTests(PostgresServer postgres, RedisServer redis) : IAsyncLifetime
{
    readonly InferenceService inference = new(postgres, redis);
    HttpClient client = null!;

    public async ValueTask InitializeAsync()
    {
        client = await inference.ListenAsync();
        await InferenceService.RegisterAsync(client, "tiny", TinyModel.Create());
        await InferenceService.DeployAsync(client, "line", new DeploymentRequest("tiny", 1));
    }

    public ValueTask DisposeAsync() => inference.DisposeAsync();

    [Fact]
    public async Task Predict_GoldenFiles_AreAnsweredAsTheManifestSaysAndTheNextFrameWorks()
    {
        using var manifest = JsonDocument.Parse(File.ReadAllText(GoldenFolder.Shared("images", "manifest.json")));
        foreach (var file in manifest.RootElement.GetProperty("files").EnumerateArray())
        {
            var name = file.GetProperty("file").GetString()!;
            var action = file.TryGetProperty("alternative", out _) ? "accept_or_reject" : file.GetProperty("action").GetString();
            using var form = new MultipartFormDataContent { { new ByteArrayContent(File.ReadAllBytes(GoldenFolder.Shared("images", name))), "file", name } };
            using var response = await client.PostAsync("/v1/deployments/line/predict", form);
            if (response.StatusCode == HttpStatusCode.OK)
            {
                Assert.True(action != "reject", $"{name} was accepted");
                var answer = Assert.Single((await InferenceService.ReadAsync<PredictResponse>(response)).Images);
                if (file.TryGetProperty("decoded_width", out var width))
                    Assert.Equal((name, width.GetInt32(), file.GetProperty("decoded_height").GetInt32()), (name, answer.Width, answer.Height));
            }
            else
            {
                Assert.True(action != "accept", $"{name} was refused: {await response.Content.ReadAsStringAsync()}");
                Assert.InRange((int)response.StatusCode, 413, 422);
                Assert.Contains(name, await InferenceService.RefusalAsync(response, response.StatusCode));
            }
            using var next = await client.SendAsync(InferenceService.Predict("line", TestImage.Gray(120)));
            Assert.True(next.IsSuccessStatusCode, $"After {name} a good frame was answered {(int)next.StatusCode}.");
        }
    }
}

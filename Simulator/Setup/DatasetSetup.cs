using System.Net.Http.Headers;
using System.Net.Http.Json;
using Microsoft.Extensions.Options;
using RetrainLoop.Simulator.LabelledSets;
using RetrainLoop.Simulator.Line;
using RetrainLoop.Simulator.Stack;

namespace RetrainLoop.Simulator.Setup;

/// <summary>Brings the line's first training set and locked holdout to Labeling. A deployment that has one keeps it.</summary>
public sealed class DatasetSetup(IHttpClientFactory clients, IOptions<LineOptions> line, IOptions<SetupOptions> setup)
{
    public async Task EnsureAsync(CancellationToken cancellation)
    {
        var labeling = clients.CreateClient(StackClients.Labeling);
        var path = $"/v1/deployments/{line.Value.Deployment}";
        var holdouts = await labeling.FindAsync<HoldoutsInfo>($"{path}/holdouts", cancellation)
            ?? throw new InvalidOperationException($"Labeling does not know the deployment {line.Value.Deployment} yet.");
        if (holdouts.Training is null)
        {
            var request = new LabelledSetRequest(setup.Value.TrainingFrames, setup.Value.TrainingSeed);
            var training = await ImportAsync(labeling, "training", "training", request, cancellation);
            await AssignAsync(labeling, $"{path}/training-set", training, cancellation);
        }
        if (holdouts.Locked is null)
        {
            var request = new LabelledSetRequest(setup.Value.HoldoutFrames, setup.Value.HoldoutSeed, ValidationShare: 1);
            var holdout = await ImportAsync(labeling, "holdout", "lockedHoldout", request, cancellation);
            await AssignAsync(labeling, $"{path}/holdouts/locked", holdout, cancellation);
        }
    }

    async Task<DatasetRef> ImportAsync(HttpClient labeling, string suffix, string role, LabelledSetRequest request, CancellationToken cancellation)
    {
        var name = $"{line.Value.Deployment}-{suffix}";
        if (await labeling.FindAsync<DatasetVersionInfo>($"/v1/datasets/{name}/versions/1", cancellation) is { } known) return known.Ref;
        using var zip = new MemoryStream();
        await LabelledSet.WriteZipAsync(request, zip, cancellation);
        var content = new ByteArrayContent(zip.GetBuffer(), 0, (int)zip.Length);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/zip");
        using var response = await labeling.PostAsync(
            $"/v1/datasets/import?name={name}&format=yolo&role={role}&deployment={line.Value.Deployment}", content, cancellation);
        return (await response.ReadAsync<DatasetVersionInfo>(cancellation)).Ref;
    }

    static async Task AssignAsync(HttpClient labeling, string path, DatasetRef dataset, CancellationToken cancellation)
    {
        using var response = await labeling.PutAsJsonAsync(path, new AssignDataset(dataset), ContractJson.Options, cancellation);
        await response.EnsureSuccessAsync(cancellation);
    }
}

using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using RetrainLoop.Inference.Blobs;
using RetrainLoop.ServiceDefaults.Blobs;

namespace RetrainLoop.Tests.Inference.Blobs;

/// <summary>Bytes that one gives up while another has just stored the same.</summary>
public sealed class BlobUseTests(PostgresServer postgres, RedisServer redis) : IAsyncLifetime
{
    readonly InferenceService inference = new(postgres, redis);
    HttpClient client = null!;
    NpgsqlDataSource database = null!;

    public async ValueTask InitializeAsync()
    {
        client = await inference.StartAsync(("Telemetry:Enabled", "false"));
        database = NpgsqlDataSource.Create(inference.Database);
    }

    public async ValueTask DisposeAsync()
    {
        await database.DisposeAsync();
        await inference.DisposeAsync();
    }

    [Fact]
    public async Task Upload_SameBytesGivenUpByAnotherMeanwhile_KeepsItsFile()
    {
        var probing = new TaskCompletionSource();
        inference.NextBlobRead = probing.Task;
        var second = UploadAsync("good"); // stored, and about to be probed
        await Eventually.TrueAsync(() => Task.FromResult(inference.BlobReads == 1), "the second upload is probed");
        var first = UploadAsync("a name that is refused"); // stored the same, and is given up
        await Eventually.TrueAsync(async () => first.IsCompleted || await SomebodyWaitsAsync(), "the first upload drops its file");
        probing.SetResult();
        Assert.Equal(HttpStatusCode.BadRequest, (await first).StatusCode);
        var model = await InferenceService.ReadAsync<ModelVersionInfo>(await second);
        Assert.True(await HasAsync(model.Sha256), "the model has no file");
        await InferenceService.DeployAsync(client, "line", new DeploymentRequest("good", 1));
    }

    [Fact]
    public async Task DropUnneededAsync_BytesThatAreNeeded_WaitsForNobody()
    {
        var model = await InferenceService.ReadAsync<ModelVersionInfo>(await UploadAsync("good"));
        await using var hold = new BlobHold(database); // somebody uploads the same, slowly
        await hold.OnAsync(model.Sha256, TestContext.Current.CancellationToken);
        await inference.Service.Services.GetRequiredService<BlobStore>()
            .DropUnneededAsync(database, model.Sha256, TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        Assert.True(await HasAsync(model.Sha256));
    }

    [Fact]
    public async Task Upload_GivenUpWithoutAnother_LeavesNothing()
    {
        Assert.Equal(HttpStatusCode.BadRequest, (await UploadAsync("a name that is refused")).StatusCode);
        Assert.False(await HasAsync(Sha256));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task DropUnneededAsync_BytesThatAreBeingStored_WaitsForTheRow(bool becomesNeeded)
    {
        var blobs = inference.Service.Services.GetRequiredService<BlobStore>();
        var sha256 = (await blobs.PutAsync("bytes"u8.ToArray(), default)).Sha256; // there from before, needed no more
        Task drop;
        await using (var hold = new BlobHold(database))
        {
            await blobs.PutAsync("bytes"u8.ToArray(), hold.OnAsync, default);
            drop = blobs.DropUnneededAsync(database, sha256, default);
            await Eventually.TrueAsync(async () => drop.IsCompleted || await SomebodyWaitsAsync(), "the bytes are dropped");
            Assert.True(await HasAsync(sha256), "they were dropped under the hand that stores them");
            if (becomesNeeded) await NeedAsync(sha256);
        }
        await drop;
        Assert.Equal(becomesNeeded, await HasAsync(sha256));
    }

    [Fact]
    public async Task PutAsync_BytesThatAreBeingDropped_AreStoredAnew()
    {
        var blobs = inference.Service.Services.GetRequiredService<BlobStore>();
        var sha256 = (await blobs.PutAsync("bytes"u8.ToArray(), default)).Sha256;
        await using var connection = await database.OpenConnectionAsync();
        await using var dropping = await connection.BeginTransactionAsync();
        await using (var exclusive = new NpgsqlCommand("select pg_advisory_xact_lock(hashtextextended('blob ' || $1, 0))", connection, dropping))
        {
            exclusive.Parameters.Add(new NpgsqlParameter { Value = sha256 });
            await exclusive.ExecuteNonQueryAsync();
        }
        await using var hold = new BlobHold(database);
        var put = blobs.PutAsync("bytes"u8.ToArray(), hold.OnAsync, default);
        await Eventually.TrueAsync(SomebodyWaitsAsync, "the bytes wait to be stored");
        await blobs.DeleteAsync(sha256, default);
        await dropping.CommitAsync();
        await put;
        Assert.True(await HasAsync(sha256));
    }

    static byte[] Onnx => TinyModel.Create();

    static string Sha256 => Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Onnx));

    Task<HttpResponseMessage> UploadAsync(string name) => client.PostAsync("/v1/models",
        new MultipartFormDataContent { { new StringContent(name), "name" }, { new ByteArrayContent(Onnx), "file", "model.onnx" } });

    Task<bool> HasAsync(string sha256) => inference.Service.Services.GetRequiredService<IBlobStorage>().HasAsync(sha256, default);

    async Task<bool> SomebodyWaitsAsync()
    {
        await using var waiting = database.CreateCommand(
            """
            select exists (select from pg_locks where locktype = 'advisory' and not granted
                           and database = (select oid from pg_database where datname = current_database()))
            """);
        return (bool)(await waiting.ExecuteScalarAsync())!;
    }

    async Task NeedAsync(string sha256)
    {
        await using var insert = database.CreateCommand(
            """
            insert into detection_jobs (id, key, request, state, total, result, created_at)
            values (gen_random_uuid(), 'job', '{}', 'Succeeded', 0, jsonb_build_object('sha256', $1), now())
            """);
        insert.Parameters.Add(new NpgsqlParameter { Value = sha256, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text });
        await insert.ExecuteNonQueryAsync();
    }
}

using System.Collections.Concurrent;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace RetrainLoop.Tests.Inference;

/// <summary>Monitor's intake of replays: counts each number once and can lose its answers after counting.</summary>
public sealed class ReplayDouble
{
    readonly Lock gate = new();
    readonly Dictionary<Guid, List<TelemetryBatch>> batches = [];

    public ConcurrentDictionary<Guid, ReplayStart> Starts { get; } = [];

    /// <summary>How many of the next answers get lost.</summary>
    public int LoseAnswers { get; set; }

    public int Duplicates { get; private set; }

    /// <summary>Everything counted of a replay, in the order in which it came.</summary>
    public IReadOnlyList<SeriesSecond> Seconds(Guid replay)
    {
        lock (gate) return [.. batches[replay].SelectMany(batch => batch.Series.OrderBy(second => second.Second))];
    }

    public async Task<HttpResponseMessage> AnswerAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var id = Guid.Parse(request.RequestUri!.AbsolutePath.Split('/')[3]);
        if (request.Method == HttpMethod.Put)
        {
            Starts.TryAdd(id, await ReadAsync<ReplayStart>(request, cancellationToken));
            return new HttpResponseMessage(HttpStatusCode.NoContent);
        }
        if (request.Method == HttpMethod.Delete)
            return new HttpResponseMessage(Starts.TryRemove(id, out _) ? HttpStatusCode.NoContent : HttpStatusCode.NotFound);
        var batch = await ReadAsync<TelemetryBatch>(request, cancellationToken);
        lock (gate)
        {
            if (!batches.TryGetValue(id, out var known)) batches.Add(id, known = []);
            var duplicate = batch.Sequence <= known.Count;
            if (duplicate) Duplicates++;
            else if (batch.Sequence > known.Count + 1) return new HttpResponseMessage(HttpStatusCode.Conflict);
            else known.Add(batch);
            if (LoseAnswers-- > 0) throw new HttpRequestException("The connection was cut before the answer.");
            return new HttpResponseMessage(HttpStatusCode.OK) { Content = JsonContent.Create(new TelemetryAck(duplicate)) };
        }
    }

    static async Task<T> ReadAsync<T>(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        await using var gzip = new GZipStream(await request.Content!.ReadAsStreamAsync(cancellationToken), CompressionMode.Decompress);
        return (await JsonSerializer.DeserializeAsync<T>(gzip, ContractJson.Options, cancellationToken))!;
    }
}

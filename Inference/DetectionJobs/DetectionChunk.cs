using System.IO.Compression;
using System.Text.Json;
using Npgsql;

namespace RetrainLoop.Inference.DetectionJobs;

/// <summary>Detections as a job keeps them while it is worked on, chunk by chunk, and their join into one artifact.</summary>
static class DetectionChunk
{
    /// <summary>A chunk's detections as gzipped JSON.</summary>
    public static byte[] Pack(ImageDetections[] detections)
    {
        using var bytes = new MemoryStream();
        using (var gzip = new GZipStream(bytes, CompressionLevel.Fastest)) JsonSerializer.Serialize(gzip, detections, ContractJson.Options);
        return bytes.ToArray();
    }

    /// <summary>Joins the chunks into a <see cref="DetectionsArtifact"/> as gzipped JSON without ever holding all detections.</summary>
    public static async Task<ReadOnlyMemory<byte>> JoinAsync(
        NpgsqlDataSource database, Guid job, ModelVersionInfo model, int chunks, CancellationToken cancellationToken)
    {
        using var bytes = new MemoryStream();
        await using (var gzip = new GZipStream(bytes, CompressionLevel.Fastest, leaveOpen: true))
        await using (var json = new Utf8JsonWriter(gzip))
        await using (var connection = await database.OpenConnectionAsync(cancellationToken))
        {
            json.WriteStartObject();
            json.WritePropertyName("model");
            JsonSerializer.Serialize(json, model.Ref, ContractJson.Options);
            json.WritePropertyName("classNames");
            JsonSerializer.Serialize(json, model.ClassNames, ContractJson.Options);
            json.WriteStartArray("images");
            for (var chunk = 0; chunk < chunks; chunk++)
            {
                foreach (var image in Unpack(await DetectionJobSql.ReadChunkAsync(connection, job, chunk, cancellationToken)))
                    JsonSerializer.Serialize(json, image, ContractJson.Options);
                await json.FlushAsync(cancellationToken);
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return bytes.GetBuffer().AsMemory(0, (int)bytes.Length);
    }

    static ImageDetections[] Unpack(byte[] chunk)
    {
        using var gzip = new GZipStream(new MemoryStream(chunk), CompressionMode.Decompress);
        return JsonSerializer.Deserialize<ImageDetections[]>(gzip, ContractJson.Options)!;
    }
}

using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using RetrainLoop.Contracts;
using RetrainLoop.Training.Nets;

namespace RetrainLoop.Training.Checkpoints;

/// <summary>A checkpoint cannot be used. The message says why.</summary>
public sealed class CheckpointException(string message) : Exception(message);

/// <summary>
/// One file: the eight bytes <c>RLCKPT01</c>, the header's length (int32, little-endian), the header as UTF-8 JSON, the averaged weights as
/// TorchSharp saves a module. A checkpoint to go on from has the live weights and the optimiser's state behind them.
/// </summary>
public static class Checkpoint
{
    static ReadOnlySpan<byte> Magic => "RLCKPT01"u8;

    /// <summary>Writes beside the target and moves into place, so that a killed writer leaves the older file whole.</summary>
    /// <param name="more">Writes what follows the weights.</param>
    public static void Write(string path, CheckpointHeader header, Detector weights, Action<BinaryWriter>? more = null)
    {
        var beside = path + ".part";
        using (var writer = new BinaryWriter(File.Create(beside)))
        {
            var json = JsonSerializer.SerializeToUtf8Bytes(header, ContractJson.Options);
            writer.Write(Magic);
            writer.Write(json.Length);
            writer.Write(json);
            weights.save(writer);
            more?.Invoke(writer);
        }
        File.Move(beside, path, overwrite: true);
    }

    public static CheckpointHeader ReadHeader(string path)
    {
        using var reader = new BinaryReader(File.OpenRead(path));
        return ReadHeader(reader, path);
    }

    /// <summary>The header and a net with the averaged weights.</summary>
    /// <param name="more">Reads what follows the weights.</param>
    public static (CheckpointHeader Header, Detector Net) Read(string path, Action<BinaryReader>? more = null)
    {
        using var reader = new BinaryReader(File.OpenRead(path));
        var header = ReadHeader(reader, path);
        var net = new Detector(header.Net, header.ClassNames.Count);
        net.load(reader);
        more?.Invoke(reader);
        return (header, net);
    }

    static CheckpointHeader ReadHeader(BinaryReader reader, string path)
    {
        Span<byte> start = stackalloc byte[12];
        var length = reader.BaseStream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) == start.Length && start.StartsWith(Magic)
            ? BinaryPrimitives.ReadInt32LittleEndian(start[8..])
            : -1;
        if (length < 0 || length > reader.BaseStream.Length) throw new CheckpointException($"{Path.GetFileName(path)} is not a RetrainLoop checkpoint.");
        try
        {
            return JsonSerializer.Deserialize<CheckpointHeader>(Encoding.UTF8.GetString(reader.ReadBytes(length)), ContractJson.Options)!;
        }
        catch (JsonException error)
        {
            throw new CheckpointException($"{Path.GetFileName(path)} has a damaged header: {error.Message}");
        }
    }
}

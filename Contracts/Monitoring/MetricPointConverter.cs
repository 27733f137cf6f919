using System.Text.Json;
using System.Text.Json.Serialization;

namespace RetrainLoop.Contracts;

/// <summary>Writes a point as <c>["2026-11-23T06:00:00Z", 12.5]</c>, the shape that charts read.</summary>
public sealed class MetricPointConverter : JsonConverter<MetricPoint>
{
    public override MetricPoint Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartArray) throw new JsonException("A point is an array of a time and a value.");
        reader.Read();
        var at = reader.GetDateTimeOffset();
        reader.Read();
        double? value = reader.TokenType == JsonTokenType.Null ? null : reader.GetDouble();
        reader.Read();
        if (reader.TokenType != JsonTokenType.EndArray) throw new JsonException("A point has two elements.");
        return new MetricPoint(at, value);
    }

    public override void Write(Utf8JsonWriter writer, MetricPoint value, JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        writer.WriteStringValue(value.At.UtcDateTime);
        if (value.Value is { } number && double.IsFinite(number)) writer.WriteNumberValue(number);
        else writer.WriteNullValue();
        writer.WriteEndArray();
    }
}

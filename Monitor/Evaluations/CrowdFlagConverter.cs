using System.Text.Json;
using System.Text.Json.Serialization;

namespace RetrainLoop.Monitor.Evaluations;

/// <summary>Exporters write <c>iscrowd</c> as 0 and 1, some as false and true.</summary>
sealed class CrowdFlagConverter : JsonConverter<bool>
{
    public override bool Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType switch
    {
        JsonTokenType.True => true,
        JsonTokenType.False => false,
        JsonTokenType.Number => reader.GetDouble() != 0,
        _ => throw new JsonException("iscrowd is 0 or 1."),
    };

    public override void Write(Utf8JsonWriter writer, bool value, JsonSerializerOptions options) => writer.WriteNumberValue(value ? 1 : 0);
}

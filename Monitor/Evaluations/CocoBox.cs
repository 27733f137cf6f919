using System.Text.Json;
using System.Text.Json.Serialization;

namespace RetrainLoop.Monitor.Evaluations;

/// <summary>A COCO <c>bbox</c>: [x, y, width, height] in pixels, (x, y) the top left corner.</summary>
[JsonConverter(typeof(CocoBoxConverter))]
public readonly record struct CocoBox(double X, double Y, double Width, double Height)
{
    public double Area => Width * Height;
}

sealed class CocoBoxConverter : JsonConverter<CocoBox>
{
    public override CocoBox Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartArray) throw Wrong();
        Span<double> numbers = stackalloc double[4];
        foreach (ref var number in numbers)
        {
            reader.Read();
            if (reader.TokenType != JsonTokenType.Number) throw Wrong();
            number = reader.GetDouble();
        }
        reader.Read();
        if (reader.TokenType != JsonTokenType.EndArray) throw Wrong();
        return new CocoBox(numbers[0], numbers[1], numbers[2], numbers[3]);
    }

    public override void Write(Utf8JsonWriter writer, CocoBox value, JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        writer.WriteNumberValue(value.X);
        writer.WriteNumberValue(value.Y);
        writer.WriteNumberValue(value.Width);
        writer.WriteNumberValue(value.Height);
        writer.WriteEndArray();
    }

    static JsonException Wrong() => new("A bbox is an array of four numbers: [x, y, width, height].");
}

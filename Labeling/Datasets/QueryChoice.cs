using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace RetrainLoop.Labeling.Datasets;

/// <summary>A choice in a query string, written as in JSON (<c>lockedHoldout</c>); capitals do not matter.</summary>
public sealed record QueryChoice<T>(T Value) : IParsable<QueryChoice<T>> where T : struct, Enum
{
    public static bool TryParse([NotNullWhen(true)] string? text, IFormatProvider? provider, [MaybeNullWhen(false)] out QueryChoice<T> result)
    {
        result = Enum.GetNames<T>().Contains(text, StringComparer.OrdinalIgnoreCase) ? new QueryChoice<T>(Enum.Parse<T>(text!, ignoreCase: true)) : null;
        return result is not null;
    }

    public static QueryChoice<T> Parse(string text, IFormatProvider? provider) => TryParse(text, provider, out var result)
        ? result
        : throw new FormatException($"'{text}' is none of {string.Join(", ", Enum.GetNames<T>().Select(JsonNamingPolicy.CamelCase.ConvertName))}.");
}

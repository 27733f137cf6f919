using System.Globalization;
using System.Text;

namespace RetrainLoop.Inference.Models;

/// <summary>
/// Reads what the common exporters write into ONNX metadata: Python literals such as <c>{0: 'person', 1: "driver's cab"}</c>, <c>['a', 'b']</c>
/// or <c>[640, 640]</c>; JSON of the same shapes too.
/// </summary>
static class PythonLiteral
{
    /// <summary>The strings of a list or of a dictionary by ascending integer key; null when the text is neither.</summary>
    public static IReadOnlyList<string>? Names(string text)
    {
        var reader = new Reader(text);
        var names = reader.Strings();
        return names is { Count: > 0 } && reader.AtEnd ? [.. names.Values] : null;
    }

    /// <summary>The integers of a list or tuple, or a single one; empty when the text is neither.</summary>
    public static IReadOnlyList<int> Integers(string text)
    {
        var parts = text.Trim().Trim('[', ']', '(', ')').Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var numbers = parts.Select(part => int.TryParse(part, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) ? number : -1)
            .ToList();
        return numbers.Contains(-1) ? [] : numbers;
    }

    ref struct Reader(string text)
    {
        readonly ReadOnlySpan<char> text = text;
        int at;

        public bool AtEnd
        {
            get
            {
                SkipSpace();
                return at == text.Length;
            }
        }

        public SortedDictionary<int, string>? Strings()
        {
            SkipSpace();
            if (at == text.Length || text[at] is not ('{' or '[' or '(')) return null;
            var (keyed, end) = text[at++] switch { '{' => (true, '}'), '[' => (false, ']'), _ => (false, ')') };
            var found = new SortedDictionary<int, string>();
            while (true)
            {
                SkipSpace();
                if (Take(end)) return found;
                var key = found.Count;
                if (keyed && (Key() is not { } written || !Take(':'))) return null;
                else if (keyed) key = lastKey;
                SkipSpace();
                if (Quoted() is not { } value || !found.TryAdd(key, value)) return null;
                SkipSpace();
                if (!Take(',') && (at == text.Length || text[at] != end)) return null;
            }
        }

        int lastKey;

        int? Key()
        {
            SkipSpace();
            var digits = at < text.Length && text[at] is '\'' or '"' ? Quoted() : Digits();
            SkipSpace();
            return int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out lastKey) ? lastKey : null;
        }

        string Digits()
        {
            var start = at;
            while (at < text.Length && char.IsAsciiDigit(text[at])) at++;
            return text[start..at].ToString();
        }

        string? Quoted()
        {
            if (at == text.Length || text[at] is not ('\'' or '"')) return null;
            var quote = text[at++];
            var value = new StringBuilder();
            while (at < text.Length && text[at] != quote)
            {
                if (text[at] == '\\' && at + 1 < text.Length) at++;
                value.Append(text[at++]);
            }
            return Take(quote) ? value.ToString() : null;
        }

        bool Take(char wanted)
        {
            if (at == text.Length || text[at] != wanted) return false;
            at++;
            return true;
        }

        void SkipSpace()
        {
            while (at < text.Length && char.IsWhiteSpace(text[at])) at++;
        }
    }
}

using System.Text.Json;

namespace AkkaMail.Core.Rules;

/// <summary>
/// Reads JSON (comments and trailing commas allowed) into spots. A fault of the syntax ends the reading.
/// </summary>
internal ref struct JsonText
{
    private const int DepthMax = 32;
    private readonly ReadOnlySpan<byte> _utf8;
    private readonly Report _report;
    private Utf8JsonReader _reader;
    private int _line = 1;
    private int _counted;
    private int _values;

    private JsonText(ReadOnlySpan<byte> utf8, Report report)
    {
        _utf8 = utf8;
        _report = report;
        _reader = new(utf8, new JsonReaderOptions
        {
            CommentHandling = JsonCommentHandling.Skip,
            AllowTrailingCommas = true,
            MaxDepth = DepthMax,
        });
    }

    /// <summary>Null when it is not JSON; the report says why.</summary>
    public static Spot? Read(ReadOnlySpan<byte> utf8, Report report)
    {
        if (utf8.StartsWith("\uFEFF"u8)) utf8 = utf8[3..];
        if (utf8.Length > RuleBounds.FileBytes)
        {
            report.Fault(0, "", $"the file has {utf8.Length} bytes; {RuleBounds.FileBytes} are allowed");
            return null;
        }
        if (utf8.IndexOfAnyExcept(" \t\r\n"u8) < 0)
        {
            report.Fault(1, "", "is empty: it has to be JSON, at least {}");
            return null;
        }
        var text = new JsonText(utf8, report);
        try
        {
            text._reader.Read();
            var root = text.Value();
            text._reader.Read();   // What follows the value is a fault.
            return root;
        }
        catch (JsonException e)
        {
            report.Fault((int)(e.LineNumber ?? 0) + 1, "", "is not JSON here: " + WithoutPosition(e.Message));
        }
        catch (TooManyException)
        {
            report.Fault(text.Line(), "", $"has more than {RuleBounds.Values} values up to here");
        }
        catch (InvalidOperationException)   // A text of invalid UTF-8, or half of a surrogate pair.
        {
            report.Fault(text.Line(), "", "has a text that is not Unicode: save the file as UTF-8");
        }
        return null;
    }

    private sealed class TooManyException : Exception;

    private Spot Value()
    {
        if (++_values > RuleBounds.Values) throw new TooManyException();
        var line = Line();
        switch (_reader.TokenType)
        {
            case JsonTokenType.StartObject: return new(line, SpotKind.Object, "") { Members = Members() };
            case JsonTokenType.StartArray: return new(line, SpotKind.Array, "") { Items = Items() };
            case JsonTokenType.String: return new(line, SpotKind.Text, _reader.GetString()!);
            case JsonTokenType.Number:
                return new(line, SpotKind.Number, System.Text.Encoding.ASCII.GetString(_reader.ValueSpan));
            case JsonTokenType.Null: return new(line, SpotKind.Null, "null");
            default: return new(line, SpotKind.Flag, _reader.GetBoolean() ? "true" : "false");
        }
    }

    private List<Member> Members()
    {
        var members = new List<Member>();
        var lines = new Dictionary<string, int>();
        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndObject)
        {
            var (name, line) = (_reader.GetString()!, Line());
            _reader.Read();
            var value = Value();
            // JSON lets the last one win in silence: whoever edits the first wonders why it has no effect.
            if (lines.TryAdd(name, line)) members.Add(new(name, line, value));
            else _report.Fault(line, name, $"is there twice: it is in line {lines[name]} already");
        }
        return members;
    }

    private List<Spot> Items()
    {
        var items = new List<Spot>();
        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndArray) items.Add(Value());
        return items;
    }

    /// <summary>Of the token the reader is at.</summary>
    private int Line()
    {
        var at = (int)_reader.TokenStartIndex;
        _line += _utf8[_counted..at].Count((byte)'\n');
        _counted = at;
        return _line;
    }

    private static string WithoutPosition(string message)
    {
        var end = message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return end < 0 ? message : message[..end];
    }
}

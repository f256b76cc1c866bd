using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using AkkaMail.Server.Refusals;

namespace AkkaMail.Server.Http;

/// <summary>
/// One reading of a body from start to end that makes nothing of it: whether it is JSON, how many entries its lists
/// and maps have, how long its names are. Memory is a frame for each level, however large the body.
/// </summary>
internal ref struct BodyGrammar(ReadOnlySpan<byte> body, BodyBounds bounds, IReadOnlyList<BodyGap>? gaps = null)
{
    /// <summary>Levels of brackets within each other.</summary>
    private const int DepthMax = 64;

    /// <summary>UTF-8 bytes of a name as it is written: many times what any field, header or variable may have.</summary>
    public const int NameBytesMax = 1_024;

    /// <summary>A list or map that is open: its entries so far, and where the name of the last one stands.</summary>
    private record struct Frame(BodyBounds? Bounds, bool IsList)
    {
        public long Count;
        public Range Name;
        public BodyBounds? Below;
    }

    private readonly ReadOnlySpan<byte> _body = body;
    private Frame[] _frames = new Frame[8];   // A mail has five levels.
    private readonly Dictionary<BodyBound, long> _shared = [];
    private int _depth;

    /// <summary>Where it is no JSON any more, in words and counted from 1; null: it is.</summary>
    public (string Message, long Line, long Position)? Fault { get; private set; }

    /// <summary>The first bound that is passed; null: none.</summary>
    public FieldError? Excess { get; private set; }

    public void Read()
    {
        if (!Utf8.IsValid(_body))
        {
            Fault = ("The body is not UTF-8.", 1, 1);
            return;
        }
        _frames[0] = new(null, false) { Below = bounds };
        var reader = new Utf8JsonReader(_body, new JsonReaderOptions { MaxDepth = DepthMax });
        try
        {
            while (reader.Read()) Take(ref reader);
        }
        catch (JsonException e) { Fault = Say(e.LineNumber ?? 0, e.BytePositionInLine ?? 0); }
        catch (InvalidOperationException)
        {
            Fault = ("The body has an escape (\\u) that is half a character.", 1, 1);
        }
        foreach (var (bound, count) in _shared)
            if (count > bound.Max) Excess ??= new(bound.Shared!, bound.Problem(count));
    }

    private void Take(ref Utf8JsonReader reader)
    {
        // RFC 8259 §8.2: half a surrogate pair, escaped, is text that no UTF-8 can hold.
        if (reader is { TokenType: JsonTokenType.String or JsonTokenType.PropertyName, ValueIsEscaped: true })
            _ = reader.GetString();
        ref var frame = ref _frames[_depth];
        switch (reader.TokenType)
        {
            case JsonTokenType.PropertyName:
                frame.Count++;
                var start = (int)reader.TokenStartIndex + 1;
                frame.Name = start..(start + reader.ValueSpan.Length);
                frame.Below = frame.Bounds?.Named(ref reader);
                if (reader.ValueSpan.Length > NameBytesMax && Excess is null)
                    Excess = new(Path(_depth),
                        $"has a name of {reader.ValueSpan.Length} bytes; {NameBytesMax} are allowed");
                break;
            case JsonTokenType.StartArray or JsonTokenType.StartObject:
                if (frame.IsList) (frame.Count, frame.Below) = (frame.Count + 1, frame.Bounds?.Each);
                var below = frame.Below;
                if (++_depth == _frames.Length) Array.Resize(ref _frames, 2 * _depth);
                _frames[_depth] = new(below, reader.TokenType is JsonTokenType.StartArray);
                break;
            case JsonTokenType.EndArray or JsonTokenType.EndObject:
                Close(frame);
                _depth--;
                break;
            default:
                if (frame.IsList) frame.Count++;
                break;
        }
    }

    private void Close(Frame frame)
    {
        if (frame.Bounds?.Bound is not { } bound) return;
        // An address may be an object too, where a list of them is bounded.
        if (bound.Shared is not null)
            _shared[bound] = _shared.GetValueOrDefault(bound) + (frame.IsList ? frame.Count : 1);
        else if (frame.Count > bound.Max) Excess ??= new(Path(_depth - 1), bound.Problem(frame.Count));
    }

    /// <summary>To the entry that the frame at <paramref name="last"/> is at.</summary>
    private readonly string Path(int last)
    {
        var path = new StringBuilder();
        for (var i = 1; i <= last; i++)
            if (_frames[i].IsList) path.Append(CultureInfo.InvariantCulture, $"[{_frames[i].Count - 1}]");
            else path.Append(path.Length > 0 ? "." : "").Append(Start(_body[_frames[i].Name]));
        return path.Length > 0 ? path.ToString() : "$";
    }

    /// <summary>No more of a name than is shown of a field anyhow.</summary>
    private static string Start(ReadOnlySpan<byte> name)
    {
        var end = Math.Min(name.Length, FieldError.FieldMax * 4);
        while (end < name.Length && (name[end] & 0xC0) == 0x80) end--;   // Not inside a character.
        return Encoding.UTF8.GetString(name[..end]);
    }

    /// <summary>In our own words: the parser's speak of its options and its states.</summary>
    private readonly (string, long, long) Say(long line, long position)
    {
        if (_body.IndexOfAnyExcept(" \t\r\n"u8) < 0) return ("The body is empty: it has to be JSON.", 1, 1);
        var at = 0;
        for (var i = 0L; i < line; i++) at += _body[at..].IndexOf((byte)'\n') + 1;
        at += (int)position;
        string what;
        if (at >= _body.Length) what = "the JSON ends before it is complete";
        else if (_depth >= DepthMax && _body[at] is (byte)'[' or (byte)'{')
            what = $"more than {DepthMax} levels within each other";
        else if (_body[at] < ' ')
            what = "a line break or another control character cannot stand here; within a text it is escaped, as \\n";
        else
        {
            Rune.DecodeFromUtf8(_body[at..], out var rune, out _);
            what = $"{(rune.Value == '\'' ? "an apostrophe" : $"'{rune}'")} cannot stand here";
        }
        // Where it stood in the body as it came.
        foreach (var gap in gaps ?? [])
            if (gap.At <= at && gap.At > at - position) position += gap.Bytes;
        return (string.Create(CultureInfo.InvariantCulture, $"Line {line + 1}, byte {position + 1}: {what}."),
            line + 1, position + 1);
    }
}

/// <summary>Bytes of a body that are missing behind the first <paramref name="At"/> of its rest.</summary>
internal readonly record struct BodyGap(int At, long Bytes);

using System.Collections.Immutable;
using System.Net;
using System.Text;

namespace AkkaMail.Core.Mail;

/// <summary>How a value is written into the text where its placeholder stands.</summary>
public enum FillMode : byte
{
    /// <summary>As it is.</summary>
    Text = 0,

    /// <summary>As text of a page, never as markup.</summary>
    Html = 1,

    /// <summary>On one line: a line break is a blank, and other control characters are left out.</summary>
    Line = 2,
}

/// <summary>
/// Puts a mail's variables where <c>{{name}}</c> stands, once from start to end. A name that was not declared stays as
/// it is written.
/// </summary>
public static class Filling
{
    /// <summary>Characters that are encoded at once, so that to count is not to build.</summary>
    private const int PieceMax = 4096;

    public static string Fill(string text, ImmutableArray<Variable> variables, FillMode mode)
    {
        if (variables.IsDefaultOrEmpty) return text;
        var reader = new PlaceholderReader(text);
        if (!reader.Next()) return text;
        var values = Values(variables, mode).GetAlternateLookup<ReadOnlySpan<char>>();
        var filled = new StringBuilder(text.Length + 64);
        var written = 0;
        do
        {
            if (!values.TryGetValue(reader.Name, out var value)) continue;
            // Not filled again: a value is no template.
            filled.Append(text, written, reader.Start - written).Append(value);
            written = reader.End;
        }
        while (reader.Next());
        return filled.Append(text, written, text.Length - written).ToString();
    }

    /// <summary>The subject as it is sent and shown: one line, filled for the recipients of this mail.</summary>
    public static string Subject(string shared, MailEnvelope mail) =>
        Line(Fill(mail.Subject ?? shared, mail.Variables, FillMode.Line));

    /// <summary>Octets in UTF-8 of a value as it is written.</summary>
    public static long Octets(string value, FillMode mode)
    {
        if (mode == FillMode.Text) return Encoding.UTF8.GetByteCount(value);
        long octets = 0;
        for (var at = 0; at < value.Length;)
        {
            var end = Math.Min(at + PieceMax, value.Length);
            if (end < value.Length && (char.IsHighSurrogate(value[end - 1]) || value[end - 1] == '\r')) end--;
            octets += Encoding.UTF8.GetByteCount(Encode(value[at..end], mode));
            at = end;
        }
        return octets;
    }

    private static Dictionary<string, string> Values(ImmutableArray<Variable> variables, FillMode mode)
    {
        var values = new Dictionary<string, string>(variables.Length, StringComparer.Ordinal);
        foreach (var variable in variables) values.TryAdd(variable.Name, Encode(variable.Value, mode));
        return values;
    }

    private static string Encode(string value, FillMode mode) => mode switch
    {
        FillMode.Html => WebUtility.HtmlEncode(value),
        FillMode.Line => Line(value),
        _ => value,
    };

    private static string Line(string text)
    {
        if (!text.Any(char.IsControl)) return text;
        var line = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (!char.IsControl(c)) line.Append(c);
            // CR LF is one.
            else if (c is '\t' or '\n' or '\u0085' || c == '\r' && !text.AsSpan(i + 1).StartsWith("\n"))
                line.Append(' ');
        }
        return line.ToString();
    }
}

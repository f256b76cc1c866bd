using System.Collections.Immutable;
using System.Net;
using System.Text;
using AkkaMail.Core.Mail;

namespace AkkaMail.Smtp.Composing;

/// <summary>
/// Puts a mail's declared variables where <c>{{name}}</c> stands. A name that was not declared stays as it is written:
/// it may be meant for the reader.
/// </summary>
internal static class Personalization
{
    public static string Text(string text, ImmutableArray<Variable> variables) => Fill(text, variables, static v => v);

    public static string Html(string html, ImmutableArray<Variable> variables) =>
        Fill(html, variables, WebUtility.HtmlEncode!);

    /// <summary>A subject is one line: what could end it is left out.</summary>
    public static string Subject(string subject, ImmutableArray<Variable> variables)
    {
        var filled = Text(subject, variables);
        return filled.Any(char.IsControl) ? string.Concat(filled.Where(c => !char.IsControl(c))) : filled;
    }

    private static string Fill(string text, ImmutableArray<Variable> variables, Func<string, string> encode)
    {
        var open = variables.IsDefaultOrEmpty ? -1 : text.IndexOf("{{", StringComparison.Ordinal);
        if (open < 0) return text;
        var filled = new StringBuilder(text.Length + 64);
        var written = 0;
        for (; open >= 0; open = text.IndexOf("{{", open, StringComparison.Ordinal))
        {
            var close = text.IndexOf("}}", open + 2, StringComparison.Ordinal);
            if (close < 0) break;
            var name = text.AsSpan(open + 2, close - open - 2).Trim();
            if (Find(variables, name) is not { } value) { open += 2; continue; }
            // Not filled again: a value is no template.
            filled.Append(text, written, open - written).Append(encode(value));
            open = written = close + 2;
        }
        return filled.Append(text, written, text.Length - written).ToString();
    }

    private static string? Find(ImmutableArray<Variable> variables, ReadOnlySpan<char> name)
    {
        foreach (var variable in variables)
            if (name.SequenceEqual(variable.Name)) return variable.Value;
        return null;
    }
}

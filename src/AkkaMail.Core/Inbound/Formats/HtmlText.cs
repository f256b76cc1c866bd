using System.Net;
using System.Text;

namespace AkkaMail.Core.Inbound.Formats;

/// <summary>What a person would read of an HTML part: its text, a line for each block.</summary>
internal static class HtmlText
{
    private static readonly string[] Breaks =
        ["br", "p", "/p", "div", "/div", "tr", "/tr", "li", "h1", "h2", "pre", "td"];

    public static string Of(string html)
    {
        var text = new StringBuilder(html.Length);
        var hasStyle = true;
        for (var i = 0; i < html.Length; i++)
        {
            if (html[i] != '<')
            {
                text.Append(html[i]);
                continue;
            }
            var end = html.IndexOf('>', i);
            if (end < 0) break;
            var tag = html.AsSpan(i + 1, end - i - 1);
            var name = tag[..(tag.IndexOfAny(' ', '\n', '\t') is >= 0 and var space ? space : tag.Length)];
            // An address in brackets that nobody escaped.
            if (tag.Contains('@') && !tag.ContainsAny('"', ' ', '=')) text.Append(html.AsSpan(i, end - i + 1));
            else if (IsBreak(name.TrimEnd('/'))) text.Append('\n');
            i = end;
            if (!hasStyle || !name.Equals("style", StringComparison.OrdinalIgnoreCase)) continue;
            var close = html.IndexOf("</style", i, StringComparison.OrdinalIgnoreCase);
            hasStyle = close > 0;   // Looked for once in vain: a thousand opened ones must not be a thousand searches.
            if (hasStyle) i = close - 1;
        }
        return WebUtility.HtmlDecode(text.ToString());
    }

    private static bool IsBreak(ReadOnlySpan<char> name)
    {
        foreach (var tag in Breaks)
            if (name.Equals(tag, StringComparison.OrdinalIgnoreCase)) return true;
        return false;
    }
}

using System.Text;

namespace AkkaMail.Core.Replies;

/// <summary>
/// Text as phrases are compared: lower-case words with one space around each, <c>" 5.1.1 user unknown "</c>. An address
/// becomes <c>@</c>, so that nobody's name decides (<c>full.mailbox@example.com</c>); an apostrophe joins.
/// </summary>
internal static class Wording
{
    public static string Of(ReadOnlySpan<char> text)
    {
        var words = new StringBuilder(text.Length + 2).Append(' ');
        var i = 0;
        while (i < text.Length)
        {
            var end = i;
            var hasAt = false;
            while (end < text.Length && !IsBreak(text[end]))
            {
                // At an end of the word it is no address but a phrase's own.
                hasAt |= text[end] == '@' && end > i && end + 1 < text.Length && !IsBreak(text[end + 1]);
                end++;
            }
            if (hasAt) words.Append("@ ");
            else Add(text[i..end], words);
            i = end + 1;
        }
        return words.ToString();
    }

    private static void Add(ReadOnlySpan<char> chunk, StringBuilder words)
    {
        for (var i = 0; i < chunk.Length; i++)
        {
            var c = chunk[i];
            if (IsWide(c)) Space(words).Append(c).Append(' ');
            else if (char.IsLetterOrDigit(c)) words.Append(char.ToLowerInvariant(c));
            else if (c == '@') Space(words).Append("@ ");
            else if (c == '.' && i > 0 && i + 1 < chunk.Length && char.IsAsciiDigit(chunk[i - 1])
                && char.IsAsciiDigit(chunk[i + 1])) words.Append('.');
            else if (c is not ('\'' or '’')) Space(words);
        }
        Space(words);
    }

    private static StringBuilder Space(StringBuilder words) => words[^1] == ' ' ? words : words.Append(' ');

    private static bool IsBreak(char c) =>
        char.IsWhiteSpace(c) || c is '<' or '>' or '(' or ')' or '[' or ']' or '"' or ',' or ';' or '\0';

    /// <summary>Scripts without spaces: every character is a word.</summary>
    private static bool IsWide(char c) => c is >= '\u0E00' and <= '\u0E7F' or >= '\u2E80' and <= '\uD7FF'
        or >= '\uF900' and <= '\uFAFF';
}

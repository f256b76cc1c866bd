using System.Collections.Frozen;

namespace AkkaMail.Core.Mail;

/// <summary>
/// Reads the placeholders of a text, each <c>{{name}}</c>, from its start to its end and never back. Whoever promises a
/// mail and whoever makes it read with this one, so they cannot differ. Braces pair from the left, and the last pair
/// before <c>}}</c> opens: <c>{{{{a}}</c> names <c>a</c>, <c>{{{a}}</c> names <c>{a</c>, which no variable can be.
/// </summary>
public ref struct PlaceholderReader(string text)
{
    /// <summary>Characters between the braces; what is longer is text that happens to have braces.</summary>
    public const int InsideMax = 256;

    /// <summary>What the engine itself will fill.</summary>
    public static readonly FrozenSet<string> Reserved =
        FrozenSet.ToFrozenSet(["unsubscribe_url", "preferences_url", "message_id"], StringComparer.Ordinal);

    /// <summary>Of the placeholder: its first brace, and what stands behind its last one.</summary>
    public int Start { get; private set; }

    public int End { get; private set; }

    /// <summary>Without the blanks around it; empty where there is nothing else.</summary>
    public ReadOnlySpan<char> Name { get; private set; }

    /// <summary>How many characters have been looked at so far: at most two for each of the text.</summary>
    public long Looks { get; private set; }

    public bool Next()
    {
        var (at, open) = (End, -1);
        while (true)
        {
            var rest = text.AsSpan(at);
            var brace = rest.IndexOfAny('{', '}');
            Looks += (brace < 0 ? rest.Length : brace) + 1;
            if (brace < 0 || brace + 1 == rest.Length) return false;
            at += brace + 1;
            if (rest[brace] != rest[brace + 1]) continue;
            at++;
            if (rest[brace] == '{') { open = at; continue; }
            if (open < 0 || at - 2 - open > InsideMax) { open = -1; continue; }
            (Start, End) = (open - 2, at);
            Name = text.AsSpan(open, at - 2 - open).Trim();
            return true;
        }
    }
}

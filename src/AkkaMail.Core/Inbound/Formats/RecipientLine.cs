using AkkaMail.Core.Replies;

namespace AkkaMail.Core.Inbound.Formats;

/// <summary>A line about one recipient: <c>&lt;a@example.com&gt;: 550 …</c>, <c>Failed recipient: a@…</c>.</summary>
internal static class RecipientLine
{
    private const int LengthMax = 1_000;

    /// <summary>What may stand before a recipient's address, and what tells that it is somebody else's.</summary>
    private static readonly string[] Heads =
    [
        "recipient", "rcpt", "deliver", "unknown user", "user unknown", "unknown local", "attempts", "failed",
        "invalid", "address", "undeliverable", "no such", "unable to", "could not", "unknown", "empfänger", "destinataire",
        "destinatario", "получател",
    ];

    private static readonly string[] Others =
    [
        "from", "sender", "reply", "contact", "postmaster", "assistance", "help", "question", "mailto", "visit", "http",
        "message-id", "received", "by ", "was not", "administrator", "copy", "original message", "your message to",
    ];

    /// <summary>
    /// The address, and what else the line says; null when it is about something else.
    /// </summary>
    public static (string Address, string After)? Read(string line)
    {
        var text = line.AsSpan().Trim();
        if (!text.Contains('@') || text.Length > LengthMax) return null;
        var bare = text.TrimStart("*-•> \t\"'|");
        if (Addresses.Find(bare, 0) is not { } found) return null;
        var (start, length) = found.GetOffsetAndLength(bare.Length);
        var head = bare[..start].TrimEnd(" \t<'\"(");
        var rest = bare[(start + length)..].TrimStart(" >'\")");
        if (head.Length > 0 ? !IsHead(head) || rest.Length > 0 && !IsEnd(rest) : !IsEnd(rest)) return null;
        return (bare[found].ToString(), $"{head} {rest.TrimStart(":. ")}".Trim());
    }

    private static bool IsHead(ReadOnlySpan<char> head)
    {
        if (head.Length > 80) return false;
        foreach (var word in Others)
            if (head.Contains(word, StringComparison.OrdinalIgnoreCase)) return false;
        foreach (var word in Heads)
            if (head.Contains(word, StringComparison.OrdinalIgnoreCase))
                return head[^1] is ':' || head.EndsWith(" to", StringComparison.OrdinalIgnoreCase)
                    || head.EndsWith("recipient", StringComparison.OrdinalIgnoreCase)
                    || head.EndsWith("user", StringComparison.OrdinalIgnoreCase);
        return head.Equals("user:", StringComparison.OrdinalIgnoreCase)
            || head.EndsWith("addressed to:", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>A sentence that begins with an address is no recipient's line, unless a code is in it.</summary>
    private static bool IsEnd(ReadOnlySpan<char> rest) =>
        rest.Length == 0 || rest[0] is ':' or '(' or '<' or '[' or ';' or '\t' or ',' or '.'
        || rest.StartsWith("- ") || rest.StartsWith("on ") || rest.StartsWith("=>")
        || rest.Length > 2 && char.IsAsciiDigit(rest[0]) && char.IsAsciiDigit(rest[1])
        || Codes.Reply(rest) >= 400 || Codes.Status(rest) is not null;
}

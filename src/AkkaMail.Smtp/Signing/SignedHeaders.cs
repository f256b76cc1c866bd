namespace AkkaMail.Smtp.Signing;

/// <summary>
/// Which header fields a signature covers. RFC 6376 §5.4.1: those that say who, to whom, about what and how the body
/// reads. What a relay adds or rewrites (Received, Return-Path, Resent-*) is left out.
/// </summary>
internal static class SignedHeaders
{
    /// <summary>
    /// Each named once more than it stands in the mail (RFC 6376 §8.15), so that a second one added on the way, which
    /// a reader might show instead of ours, breaks the signature. A field that is not there is named once: adding it
    /// breaks the signature too. That holds for a Reply-To, and for an unsubscribe link (RFC 8058 §4 asks for both).
    /// </summary>
    private static readonly string[] Oversigned =
    [
        "from", "subject", "to", "cc", "reply-to", "date", "message-id", "mime-version", "content-type",
        "content-transfer-encoding", "list-unsubscribe", "list-unsubscribe-post",
    ];

    /// <summary>
    /// As often as they stand in the mail: a forwarder may add one of its own and means no harm by it.
    /// </summary>
    private static readonly string[] Signed =
    [
        "feedback-id", "cfbl-address", "cfbl-feedback-id", "list-id", "list-help", "list-archive", "in-reply-to", "references", "auto-submitted",
        "precedence",
    ];

    /// <summary>The value of h=: one name for each time it is signed.</summary>
    public static List<string> NamesIn(RelaxedHeaders headers)
    {
        var names = new List<string>(28);
        foreach (var name in Oversigned) names.AddRange(Enumerable.Repeat(name, headers.Count(name) + 1));
        foreach (var name in Signed) names.AddRange(Enumerable.Repeat(name, headers.Count(name)));
        return names;
    }
}

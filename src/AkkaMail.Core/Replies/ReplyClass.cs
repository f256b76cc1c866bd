namespace AkkaMail.Core.Replies;

/// <summary>What a reply tells about the lane; the numbers are stored.</summary>
public enum ReplyClass : byte
{
    Accepted = 0,

    /// <summary>Too fast, too many, try again later.</summary>
    RateLimited = 1,

    /// <summary>Too many connections at once.</summary>
    TooManyConnections = 2,

    /// <summary>Not seen before: come back (RFC 6647).</summary>
    Greylisted = 3,

    /// <summary>The address or its reputation is refused: listed, blocked.</summary>
    Blocked = 4,

    UnknownUser = 5,

    /// <summary>One mailbox cannot take it now: full, or in trouble of its own (X.2.X).</summary>
    MailboxFull = 6,

    /// <summary>This mail's content or authentication is refused.</summary>
    Content = 7,

    /// <summary>No answer: refused, reset, timed out, TLS broken.</summary>
    Unreachable = 8,

    OtherTransient = 9,
    OtherPermanent = 10,

    /// <summary>Ours: nothing was asked of the receiver. It never feeds a rule.</summary>
    Own = 11,
}

/// <summary>The words of <see cref="ReplyClass"/> in the API and the shaping file.</summary>
public static class ReplyClassWords
{
    private static readonly string[] Words =
    [
        "accepted", "rate_limited", "too_many_connections", "greylisted", "blocked", "unknown_user", "mailbox_full",
        "content", "unreachable", "other_transient", "other_permanent", "own",
    ];

    /// <summary>Those a rule can wait for: what was refused, and not by us.</summary>
    public static IReadOnlyDictionary<string, ReplyClass> OfRefusals { get; } = Enum.GetValues<ReplyClass>()
        .Except([ReplyClass.Accepted, ReplyClass.Own]).ToDictionary(ToWord);

    public static string ToWord(this ReplyClass c) => Words[(int)c];
}

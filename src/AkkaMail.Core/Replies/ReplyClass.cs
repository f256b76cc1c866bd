using AkkaMail.Core.Ids;

namespace AkkaMail.Core.Replies;

/// <summary>What a reply tells about the lane; the numbers are stored.</summary>
public enum ReplyClass : byte
{
    [Word("accepted")] Accepted = 0,

    /// <summary>Too fast, too many, try again later.</summary>
    [Word("rate_limited")] RateLimited = 1,

    /// <summary>Too many connections at once.</summary>
    [Word("too_many_connections")] TooManyConnections = 2,

    /// <summary>Not seen before: come back (RFC 6647).</summary>
    [Word("greylisted")] Greylisted = 3,

    /// <summary>The address or its reputation is refused: listed, blocked.</summary>
    [Word("blocked")] Blocked = 4,

    [Word("unknown_user")] UnknownUser = 5,

    /// <summary>One mailbox cannot take it now: full, or in trouble of its own (X.2.X).</summary>
    [Word("mailbox_full")] MailboxFull = 6,

    /// <summary>This mail's content or authentication is refused.</summary>
    [Word("content")] Content = 7,

    /// <summary>No answer: refused, reset, timed out, TLS broken.</summary>
    [Word("unreachable")] Unreachable = 8,

    [Word("other_transient")] OtherTransient = 9,
    [Word("other_permanent")] OtherPermanent = 10,

    /// <summary>Ours: nothing was asked of the receiver. It never feeds a rule.</summary>
    [Word("own")] Own = 11,
}

/// <summary>The words of <see cref="ReplyClass"/> in the API and the shaping file.</summary>
public static class ReplyClassWords
{
    /// <summary>Those a rule can wait for, what was refused, and not by us.</summary>
    public static IReadOnlyDictionary<string, ReplyClass> OfRefusals { get; } = Enum.GetValues<ReplyClass>()
        .Except([ReplyClass.Accepted, ReplyClass.Own]).ToDictionary(Words.ToWord);
}

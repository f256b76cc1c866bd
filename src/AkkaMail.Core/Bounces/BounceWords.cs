namespace AkkaMail.Core.Bounces;

/// <summary>Who can mend it. Only a recipient's fault may ever lead to a suppression.</summary>
public enum BounceFault : byte { Recipient = 0, Sender = 1, Content = 2, Infrastructure = 3, Receiver = 4 }

/// <summary>Hard: never again. Soft: not this mail. Transient: the same mail may pass later.</summary>
public enum Permanence : byte { Hard = 0, Soft = 1, Transient = 2 }

/// <summary>What kind of reply it is, as operators count them.</summary>
public enum BounceCategory : byte
{
    Hard = 0, Inactive = 1, MailboxFull = 2, Blocked = 3, RateLimited = 4, Policy = 5, Relay = 6, Auth = 7, Spam = 8,
    Virus = 9, Content = 10, TooBig = 11, Transient = 12, Soft = 13,
}

/// <summary>What a mail to the return path is, for one recipient.</summary>
public enum BounceKind : byte
{
    /// <summary>An ordinary mail: nothing to act on.</summary>
    Other = 0,

    Bounce = 1,

    /// <summary>The queue still tries: no failure.</summary>
    Delayed = 2,

    /// <summary>A success DSN (RFC 3464: delivered, relayed, expanded).</summary>
    Delivered = 3,

    /// <summary>ARF (RFC 5965): a complaint, an opt-out, a failure report.</summary>
    Feedback = 4,

    /// <summary>An answer by a program (RFC 3834).</summary>
    Vacation = 5,
}

/// <summary>The words of the API and the rule file, in one table each: lower case.</summary>
public static class BounceWords
{
    public static string ToWord(this BounceFault fault) => Word(fault);
    public static string ToWord(this Permanence permanence) => Word(permanence);
    public static string ToWord(this BounceCategory category) => Word(category);
    public static string ToWord(this BounceKind kind) => Word(kind);

    private static string Word<T>(T value) where T : struct, Enum => Words<T>.All[value];

    private static class Words<T> where T : struct, Enum
    {
        public static readonly Dictionary<T, string> All =
            Enum.GetValues<T>().ToDictionary(value => value, value => value.ToString().ToLowerInvariant());
    }
}

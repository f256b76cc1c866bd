using System.Collections.Immutable;
using AkkaMail.Core.Ids;
using AkkaMail.Server.Refusals;

namespace AkkaMail.Server.Messages;

/// <summary>
/// One submission of an intake. <paramref name="SendAt"/> null: at once. Of the <paramref name="Suppressed"/>, by index,
/// nothing is sent.
/// </summary>
internal sealed record Promise(SubmissionId Id, ValidSend Send, DateTimeOffset? SendAt, IReadOnlySet<int> Suppressed);

/// <summary>
/// Recipients of a tenant's quota that are <paramref name="Left"/> of the window which has the least, and when all of it
/// may be had again.
/// </summary>
internal sealed record Allowance(long Limit, long Left, DateTimeOffset ResetsAt);

/// <summary>
/// How an intake was taken: <see cref="Promised"/>, <see cref="KeyInUse"/> or <see cref="Refused"/>.
/// </summary>
internal abstract record Taken
{
    /// <summary>It is in the journal, in the order it was asked for.</summary>
    public sealed record Promised(ImmutableArray<Promise> Promises) : Taken
    {
        /// <summary>The answer of the first call with this key, and nothing new.</summary>
        public bool IsRepeat { get; init; }

        /// <summary>What the quota has left; null: there is none, or it is a repeat, which takes nothing.</summary>
        public Allowance? Left { get; init; }

        /// <summary>Of a door that takes one submission at a time.</summary>
        public Promise One => Promises[0];
    }

    /// <summary>The idempotency key stands for another submission.</summary>
    public sealed record KeyInUse(SubmissionId First) : Taken
    {
        public Refusal ToRefusal() => new(RefusalCode.KeyInUse, "The Idempotency-Key was used with another body",
            $"It stands for submission {First}.");
    }

    /// <summary>Nothing of it was stored, or if it was, that is not known: the same may be sent again.</summary>
    public sealed record Refused(Refusal Refusal) : Taken;
}

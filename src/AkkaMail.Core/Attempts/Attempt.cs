using AkkaMail.Core.Ids;
using AkkaMail.Core.Replies;

namespace AkkaMail.Core.Attempts;

/// <summary>
/// How one delivery try went. <paramref name="Mx"/> is the host (<c>mx1.example[192.0.2.1]:25</c>) that answered or was
/// tried last, <paramref name="Source"/> the local address or name, <paramref name="Step"/> the SMTP step the reply
/// belongs to, <paramref name="Tls"/> the protocol version or null for plain text.
/// </summary>
public sealed record Attempt(
    AttemptId Id, string Site, SmtpReply Reply, AttemptEnd End, string? Mx, string? Source, SmtpStep Step, string? Tls,
    DateTimeOffset StartedAt, TimeSpan Duration)
{
    public string Site { get; init => field = WellFormed.Of(value); } = WellFormed.Of(Site);
    public string? Mx { get; init => field = WellFormed.OrNull(value); } = WellFormed.OrNull(Mx);
    public string? Source { get; init => field = WellFormed.OrNull(value); } = WellFormed.OrNull(Source);
    public string? Tls { get; init => field = WellFormed.OrNull(value); } = WellFormed.OrNull(Tls);

    /// <summary>Null: it never left the queue, or nobody knows any more how.</summary>
    public Departure? Departure { get; init; }

    /// <summary>
    /// Octets of the mail that went over the connection after DATA, doubled dots and the final one included; of one
    /// that broke off, what had gone by then. 0: DATA was not reached.
    /// </summary>
    public long Bytes { get; init; }

    /// <summary>The address its connection left from; null: there was none, or a proxy's, which is not known.</summary>
    public string? LocalAddress { get; init; }

    /// <summary>Which mail on its connection it was, from 1; 0: no transaction was begun.</summary>
    public int Nth { get; init; }

    /// <summary>What it means, by the rules of then; whoever made the attempt has asked them.</summary>
    public Judgement Judged { get; init; } = Judgement.Own;

    public Attempt JudgedBy(BounceRules rules) => this with { Judged = rules.Judge(Reply, End, Step, Host) };

    /// <summary>
    /// It came as far as its site. What a node gave back, or a ledger lost sight of, may have the recipient's domain
    /// there.
    /// </summary>
    public bool ReachedSite => Step != SmtpStep.None || End is not (AttemptEnd.NotStarted or AttemptEnd.InDoubt);

    /// <summary><see cref="Mx"/> without its address.</summary>
    private string? Host => Mx?.IndexOf('[', StringComparison.Ordinal) is >= 0 and var end ? Mx[..end] : Mx;
}

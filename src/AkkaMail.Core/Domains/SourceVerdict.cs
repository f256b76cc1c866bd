using System.Collections.Immutable;

namespace AkkaMail.Core.Domains;

/// <summary>What a receiver would make of mail from one of our addresses, by a domain's SPF record.</summary>
public enum SourceOutcome
{
    Passes,
    Refused,

    /// <summary>RFC 7208 §2.6.7: the record cannot be evaluated.</summary>
    Error,

    /// <summary>A name server did not answer.</summary>
    Unknown,

    /// <summary>Nobody asked: so many others of ours were asked about that they speak for it.</summary>
    Unasked,
}

/// <param name="Term">The term of ours that stands for it: <c>ip4:192.0.2.7</c>, <c>a:mail.example</c>.</param>
/// <param name="Address">The first of those it is said of; the term where it is said of it as a whole.</param>
/// <param name="Reason">What decided, in words.</param>
public sealed record SourceVerdict(string Term, string Address, SourceOutcome Outcome, string Reason);

/// <summary>
/// Evaluates the SPF record of a host (RFC 7208) for all addresses our terms stand for. What no address stands for
/// (<c>exists:</c>) passes where the record has it by its words, itself or in what it includes; what is no term that
/// lets pass has no verdict. Every outcome is a value.
/// </summary>
public delegate Task<ImmutableArray<SourceVerdict>> AskSources(string host, ImmutableArray<string> terms);

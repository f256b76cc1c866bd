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
}

/// <param name="Term">The term of ours that stands for it: <c>ip4:192.0.2.7</c>, <c>a:mail.example</c>.</param>
/// <param name="Reason">What decided, in words.</param>
public sealed record SourceVerdict(string Term, string Address, SourceOutcome Outcome, string Reason);

/// <summary>
/// Evaluates the SPF record of a host (RFC 7208) for the addresses our terms stand for; those that no address stands
/// for (<c>include:</c>) have no verdict. Every outcome is a value.
/// </summary>
public delegate Task<ImmutableArray<SourceVerdict>> AskSources(string host, ImmutableArray<string> terms);

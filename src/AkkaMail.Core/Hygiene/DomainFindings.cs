namespace AkkaMail.Core.Hygiene;

/// <summary>
/// What is known of a domain, for all its addresses. <paramref name="DidYouMean"/> is null when it is spelt right.
/// </summary>
public sealed record DomainFindings(MxKind Mx, bool IsDisposable, string? DidYouMean)
{
    /// <summary>Of a domain in A-labels.</summary>
    public static DomainFindings Of(string domain, MxKind mx) =>
        new(mx, DisposableDomains.Has(domain), Misspelling.Of(domain, !mx.TakesNone()));
}

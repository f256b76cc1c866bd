using AkkaMail.Core.Ids;

namespace AkkaMail.Core.DomainReports;

public enum ReportKind { [Word("dmarc")] Dmarc, [Word("tls")] Tls }

/// <summary>A report's name and whose it is; what it counts is filed beside it.</summary>
/// <param name="Domain">The registered domain it is filed under, at or above <paramref name="About"/>.</param>
/// <param name="Claimed">Who wrote it, as it says itself; with the id it tells a repeat.</param>
/// <param name="Reporter">
/// Who it is shown as. For one that came by mail the domain that was verified: anybody can write another's name in.
/// </param>
/// <param name="Origin">As in <c>mail google.com</c> or <c>upload 4f2k…</c>, the id of a key.</param>
public sealed record FiledReport(
    ReportKind Kind, string Tenant, string Domain, string About, string Claimed, string ReportId, DateOnly Day,
    string Reporter, string Origin, DateTimeOffset TakenAt)
{
    /// <summary>What is summed up when there is too much of it to be told apart.</summary>
    public const string Other = "other";
}

public enum Filing
{
    New,

    /// <summary>It was there: nothing has changed.</summary>
    Repeat,

    /// <summary>The domain has had more reports of that day than there are reporters.</summary>
    TooMany,
}

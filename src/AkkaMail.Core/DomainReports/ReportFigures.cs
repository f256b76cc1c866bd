using System.Collections.Immutable;

namespace AkkaMail.Core.DomainReports;

/// <summary>Who sent as a domain on a day, by what all reports say of it; the source with most mails first.</summary>
public sealed record DmarcFigures(DateOnly Day, ImmutableArray<SourceFigures> Sources);

/// <param name="SourceIp"><see cref="FiledReport.Other"/>: all that are not told apart, and always the last.</param>
/// <param name="Reporters">Those that told of it, by the mails they told of; at most <see cref="NamesMax"/>.</param>
/// <param name="AuthenticatedAs">Domains that vouched for its mail; at most <see cref="NamesMax"/>.</param>
public sealed record SourceFigures(
    string SourceIp, ImmutableArray<string> Reporters, ImmutableArray<string> AuthenticatedAs, long Mails, long Passed,
    long DkimAligned, long SpfAligned, long Quarantined, long Rejected)
{
    public const int NamesMax = 10;
}

/// <summary>How sessions towards a domain's hosts went on a day, by who told of it.</summary>
public sealed record TlsFigures(DateOnly Day, ImmutableArray<ReporterFigures> Reporters);

public sealed record ReporterFigures(string Reporter, long Successful, long Failed, ImmutableArray<TlsTally> Tallies);

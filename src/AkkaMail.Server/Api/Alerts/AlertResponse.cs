using AkkaMail.Core.Alerts;
using AkkaMail.Core.Ids;

namespace AkkaMail.Server.Api.Alerts;

/// <summary>The alerts that are open now.</summary>
/// <param name="Alerts">The newest first.</param>
/// <param name="NextCursor">Where the next page begins: give it as <c>cursor</c>. Absent on the last page.</param>
public sealed record AlertListResponse(IReadOnlyList<AlertResponse> Alerts, string? NextCursor);

/// <summary>A page of a list.</summary>
/// <param name="Alerts">A page of what opened, changed and ended, the newest first.</param>
/// <param name="NextCursor">Where the next page begins: give it as <c>cursor</c>. Absent on the last page.</param>
public sealed record AlertHistoryResponse(IReadOnlyList<AlertResponse> Alerts, string? NextCursor);

/// <summary>A figure that reached, changed or left a level.</summary>
public sealed record AlertResponse
{
    /// <summary>When it did.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Which figure it is.</summary>
    [OneOf("reputation", "complaints", "clock", "silence")]
    public required string Rule { get; init; }

    /// <summary>Whose it is.</summary>
    public required AlertSubjectResponse Subject { get; init; }

    /// <summary>The level before; <c>none</c>: it opened.</summary>
    [WordsOf<AlertLevel>]
    public required string From { get; init; }

    /// <summary>The level since; <c>none</c>: it ended.</summary>
    [WordsOf<AlertLevel>]
    public required string To { get; init; }

    /// <summary>
    /// The figure: a score from 0 to 100, complaints as a share of what was delivered, seconds that a node's clock is off the
    /// database's, seconds since a ledger answered.
    /// </summary>
    public required double Value { get; init; }

    /// <summary>The bound it passed.</summary>
    public required double Bound { get; init; }

    /// <summary>How many messages it rests on; 0 where it is about none.</summary>
    public required double Messages { get; init; }

    /// <summary>What is behind it, for people. Absent: nothing to say.</summary>
    public required string? Detail { get; init; }

    public static AlertResponse Of(AlertChanged a) => new()
    {
        At = a.At,
        Rule = a.Rule,
        Subject = AlertSubjectResponse.Of(a.Subject),
        From = a.From.ToWord(),
        To = a.To.ToWord(),
        Value = Math.Round(a.Value, 4),
        Bound = a.Bound,
        Messages = Math.Round(a.Messages),
        Detail = a.Detail,
    };
}

/// <summary>Whose figure it is.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Name">Its name; of a lane its source and site, of a node its address, of a ledger its number.</param>
/// <param name="Tenant">Whose it is. Absent of a lane, a node, a ledger: they are everybody's.</param>
public sealed record AlertSubjectResponse(
    [WordsOf<AlertKind>] string Kind, string Name, string? Tenant)
{
    public static AlertSubjectResponse Of(AlertSubject s) => new(s.Kind.ToWord(), s.Name, s.Tenant);
}

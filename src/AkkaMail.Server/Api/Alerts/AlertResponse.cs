using AkkaMail.Core.Alerts;
using AkkaMail.Core.Ids;

namespace AkkaMail.Server.Api.Alerts;

/// <summary>Those that are open, the newest first.</summary>
public sealed record AlertListResponse(IReadOnlyList<AlertResponse> Alerts);

public sealed record AlertHistoryResponse(IReadOnlyList<AlertResponse> Alerts, string? NextCursor);

/// <summary>
/// A figure that reached, changed or left a level. <see cref="Rule"/> is <c>reputation</c> or <c>complaints</c>;
/// <see cref="From"/> and <see cref="To"/> are <c>warning</c>, <c>critical</c>, or <c>none</c> before it began and where
/// it ended. <see cref="Messages"/> is what <see cref="Value"/> rests on.
/// </summary>
public sealed record AlertResponse
{
    public required DateTimeOffset At { get; init; }
    public required string Rule { get; init; }
    public required AlertSubjectResponse Subject { get; init; }
    public required string From { get; init; }
    public required string To { get; init; }
    public required double Value { get; init; }
    public required double Bound { get; init; }
    public required double Messages { get; init; }
    public required string? Detail { get; init; }

    public static AlertResponse Of(AlertChanged a) => new()
    {
        At = a.At,
        Rule = a.Rule,
        Subject = new(a.Subject.Kind.ToWord(), a.Subject.Name, a.Subject.Tenant),
        From = a.From.ToWord(),
        To = a.To.ToWord(),
        Value = Math.Round(a.Value, 4),
        Bound = a.Bound,
        Messages = Math.Round(a.Messages),
        Detail = a.Detail,
    };
}

/// <summary>
/// Whose figure it is: <paramref name="Kind"/> is <c>lane</c>, <c>tenant</c>, <c>stream</c> or <c>domain</c>. A lane is
/// nobody's: it has no <paramref name="Tenant"/>.
/// </summary>
public sealed record AlertSubjectResponse(string Kind, string Name, string? Tenant);

using AkkaMail.Core.Alerts;
using AkkaMail.Core.Ids;

namespace AkkaMail.Server.Api.Alerts;

/// <summary>Those that are open, the newest first.</summary>
public sealed record AlertListResponse(IReadOnlyList<AlertResponse> Alerts);

public sealed record AlertHistoryResponse(IReadOnlyList<AlertResponse> Alerts, string? NextCursor);

/// <summary>
/// A figure that reached, changed or left a level. <see cref="Subject"/> is <c>lane</c>, <c>tenant</c>, <c>stream</c>
/// or <c>domain</c>; <see cref="Level"/> is <c>warning</c>, <c>critical</c>, or <c>none</c> where it ended.
/// <see cref="Messages"/> is what <see cref="Value"/> rests on.
/// </summary>
public sealed record AlertResponse
{
    public required DateTimeOffset At { get; init; }
    public required string Subject { get; init; }
    public required string Name { get; init; }
    public required string? Tenant { get; init; }
    public required string Measure { get; init; }
    public required string Level { get; init; }
    public required string Before { get; init; }
    public required double Value { get; init; }
    public required double Bound { get; init; }
    public required double Messages { get; init; }
    public required string? Detail { get; init; }

    public static AlertResponse Of(AlertChanged a) => new()
    {
        At = a.At,
        Subject = a.Subject.Kind.ToWord(),
        Name = a.Subject.Name,
        Tenant = a.Subject.Tenant,
        Measure = a.Measure.ToWord(),
        Level = a.To.ToWord(),
        Before = a.From.ToWord(),
        Value = Math.Round(a.Value, 4),
        Bound = a.Bound,
        Messages = Math.Round(a.Messages),
        Detail = a.Detail,
    };
}

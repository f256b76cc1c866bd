using AkkaMail.Core.Alerts;

namespace AkkaMail.Server.Api.Alerts;

/// <summary>Those that are open, the newest first.</summary>
public sealed record AlertListResponse(IReadOnlyList<AlertResponse> Alerts);

public sealed record AlertHistoryResponse(IReadOnlyList<AlertResponse> Alerts, string? NextCursor);

/// <summary>
/// A figure that reached, changed or left a level. <paramref name="Subject"/> is <c>lane</c>, <c>tenant</c>,
/// <c>stream</c> or <c>domain</c>; <paramref name="Level"/> is <c>warning</c>, <c>critical</c>, or <c>none</c> where it
/// ended. <paramref name="Messages"/> is what <paramref name="Value"/> rests on.
/// </summary>
public sealed record AlertResponse(
    DateTimeOffset At, string Subject, string Name, string? Tenant, string Measure, string Level, string Before,
    double Value, double Bound, double Messages, string? Detail)
{
    public static AlertResponse Of(AlertChanged a) => new(
        a.At, Word(a.Subject.Kind), a.Subject.Name, a.Subject.Tenant, Word(a.Measure), Word(a.To), Word(a.From),
        Math.Round(a.Value, 4), a.Bound, Math.Round(a.Messages), a.Detail);

    private static string Word<T>(T value) where T : struct, Enum => value.ToString().ToLowerInvariant();
}

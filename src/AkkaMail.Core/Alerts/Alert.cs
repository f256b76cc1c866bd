using AkkaMail.Core.Ids;

namespace AkkaMail.Core.Alerts;

/// <summary>Whose figure it is; the words are stored.</summary>
public enum AlertKind : byte
{
    [Word("lane")] Lane = 0,
    [Word("tenant")] Tenant = 1,
    [Word("stream")] Stream = 2,
    [Word("domain")] Domain = 3,
    [Word("node")] Node = 4,
    [Word("ledger")] Ledger = 5,
}

/// <summary>
/// Which figure is watched, and from where on it is bad. A rule is its word: those that people will write have no
/// number, and an event of one that is no more still names it.
/// </summary>
public static class AlertRule
{
    /// <summary>The score of <c>Reputation</c>, 0 to 100; lower is worse.</summary>
    public const string Reputation = "reputation";

    /// <summary>Complaints as a share of what was delivered; higher is worse.</summary>
    public const string Complaints = "complaints";

    /// <summary>Seconds that a node's clock is off the database's, either way.</summary>
    public const string Clock = "clock";

    /// <summary>Seconds since a ledger answered last.</summary>
    public const string Silence = "silence";
}

/// <summary>How bad it is; the words are stored.</summary>
public enum AlertLevel : byte
{
    [Word("none")] None = 0,
    [Word("warning")] Warning = 1,
    [Word("critical")] Critical = 2,
}

/// <summary>
/// Whom an alert is about: <paramref name="Name"/> is the lane (<c>source@site</c>), the tenant, its stream or its
/// sending domain, the node's address, the ledger's number. What is no tenant's has none in <paramref name="Tenant"/>.
/// </summary>
public readonly record struct AlertSubject(AlertKind Kind, string? Tenant, string Name);

/// <summary>
/// A figure as it is now, which <paramref name="Rule"/> watches. <paramref name="Messages"/> is what
/// it rests on; <paramref name="Detail"/> says what is behind it, for people.
/// </summary>
public sealed record AlertReading(
    string Rule, AlertSubject Subject, double Value, double Messages, string? Detail);

/// <summary>
/// A level was reached, changed or left: <see cref="AlertLevel.None"/> in <paramref name="To"/> ends it.
/// </summary>
public sealed record AlertChanged(
    DateTimeOffset At, string Rule, AlertSubject Subject, AlertLevel From, AlertLevel To, double Value, double Bound,
    double Messages, string? Detail);

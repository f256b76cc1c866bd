namespace AkkaMail.Server.Demo;

/// <summary>A mail in the demo's catcher.</summary>
public sealed record CaughtMail(int Number, string From, IReadOnlyList<string> To, string Subject, int Bytes,
    DateTimeOffset At);

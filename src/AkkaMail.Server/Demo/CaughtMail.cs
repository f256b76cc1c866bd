namespace AkkaMail.Server.Demo;

/// <summary>A mail in the demo's catcher.</summary>
/// <param name="Number">Its number, which <c>GET</c> takes.</param>
/// <param name="From">Its envelope sender.</param>
/// <param name="To">Its envelope recipients.</param>
/// <param name="Subject">Its subject.</param>
/// <param name="Bytes">Its octets.</param>
/// <param name="At">When it came.</param>
public sealed record CaughtMail(int Number, string From, IReadOnlyList<string> To, string Subject, int Bytes,
    DateTimeOffset At);

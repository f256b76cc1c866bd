using AkkaMail.Core.Ids;

namespace AkkaMail.Smtp.Authentication;

/// <summary>RFC 7208 §2.6.</summary>
public enum SpfResult
{
    [Word("none")] None,
    [Word("neutral")] Neutral,
    [Word("pass")] Pass,
    [Word("fail")] Fail,
    [Word("softfail")] SoftFail,
    [Word("temperror")] TempError,
    [Word("permerror")] PermError,
}

/// <summary>
/// What SPF says of a connection; <paramref name="Domain"/> is whose record was asked (MAIL FROM, or HELO when that is
/// empty), <paramref name="Reason"/> what decided.
/// </summary>
public sealed record SpfVerdict(SpfResult Result, string Domain, string Reason);

/// <summary>Who spoke to us: the peer's address, its HELO name and MAIL FROM (empty for a bounce).</summary>
public sealed record Arrival(System.Net.IPAddress Address, string Helo, string MailFrom);

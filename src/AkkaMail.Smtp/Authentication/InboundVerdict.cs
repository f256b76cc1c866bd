using System.Collections.Immutable;
using AkkaMail.Core.Domains;
using AkkaMail.Core.Ids;
using MimeKit.Cryptography;

namespace AkkaMail.Smtp.Authentication;

/// <summary>RFC 8601 §2.7.1.</summary>
public enum DkimResult
{
    [Word("none")] None,
    [Word("pass")] Pass,
    [Word("fail")] Fail,
    [Word("policy")] Policy,
    [Word("temperror")] TempError,
    [Word("permerror")] PermError,
}

/// <summary>One signature of a mail.</summary>
public sealed record DkimVerdict(
    DkimResult Result, string Domain, string Selector, string Algorithm, string? Reason = null)
{
    /// <summary>
    /// It leaves the end of the body (l=) or the subject to whoever likes to write it (RFC 6376 §8.2, §5.4.1).
    /// </summary>
    public bool IsPartial { get; init; }
}

/// <summary>RFC 7489 §11.2.</summary>
public enum DmarcResult
{
    [Word("none")] None,
    [Word("pass")] Pass,
    [Word("fail")] Fail,
    [Word("temperror")] TempError,
    [Word("permerror")] PermError,
}

/// <summary>
/// DMARC of the From domain. <paramref name="Request"/> is what its owner asks for when it fails; what is done is the
/// receiver's to decide.
/// </summary>
public sealed record DmarcVerdict(DmarcResult Result, string FromDomain, DmarcRequest Request, int Percent = 100)
{
    /// <summary>
    /// A signature over the whole mail is of the From domain, as closely as its record asks (without one: of the same
    /// organization). Unlike SPF, which is about the envelope, that says who wrote it.
    /// </summary>
    public bool IsSigned { get; init; }
}

/// <summary>RFC 8617 §4.4; <see cref="TempError"/> when DNS did not answer.</summary>
public enum ArcResult
{
    [Word("none")] None,
    [Word("pass")] Pass,
    [Word("fail")] Fail,
    [Word("temperror")] TempError,
}

/// <summary>What is known of who sent a mail.</summary>
public sealed record InboundVerdict(
    Arrival Arrival, SpfVerdict Spf, ImmutableArray<DkimVerdict> Dkim, DmarcVerdict Dmarc, ArcResult Arc)
{
    /// <summary>
    /// As a header's value (RFC 8601). <paramref name="server"/> is our name in it: a header that came with it from
    /// outside has to be taken out first (§5).
    /// </summary>
    public AuthenticationResults ToResults(string server)
    {
        var results = new AuthenticationResults(server);
        var spf = Method("spf", Spf.Result.ToWord(), Spf.Reason);
        spf.Properties.Add(Arrival.MailFrom.Length > 0
            ? new("smtp", "mailfrom", Arrival.MailFrom) : new("smtp", "helo", Arrival.Helo));
        results.Results.Add(spf);
        if (Dkim.IsEmpty) results.Results.Add(new("dkim", "none"));
        foreach (var verdict in Dkim)
        {
            var dkim = Method("dkim", verdict.Result.ToWord(), verdict.Reason);
            dkim.Properties.Add(new("header", "d", verdict.Domain));
            dkim.Properties.Add(new("header", "s", verdict.Selector));
            dkim.Properties.Add(new("header", "a", verdict.Algorithm));
            results.Results.Add(dkim);
        }
        var dmarc = new AuthenticationMethodResult("dmarc", Dmarc.Result.ToWord());
        dmarc.Properties.Add(new("header", "from", Dmarc.FromDomain));
        results.Results.Add(dmarc);
        results.Results.Add(new("arc", Arc.ToWord()));
        return results;
    }

    private static AuthenticationMethodResult Method(string method, string result, string? reason) =>
        new(method, result) { Reason = reason };
}

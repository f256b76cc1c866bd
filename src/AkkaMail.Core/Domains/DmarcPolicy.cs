using System.Globalization;

namespace AkkaMail.Core.Domains;

public enum DmarcRequest { None, Quarantine, Reject }

/// <summary>
/// A domain's DMARC record (RFC 7489 §6.3). <paramref name="Percent"/> is handed on, not drawn: what to do with a mail
/// is not decided here.
/// </summary>
public sealed record DmarcPolicy(
    DmarcRequest Policy, DmarcRequest SubdomainPolicy, bool StrictDkim, bool StrictSpf, int Percent)
{
    /// <summary>Null: no DMARC record, or one that cannot be used.</summary>
    public static DmarcPolicy? Parse(string record)
    {
        if (TagList.Parse(record) is not { First: "v" } tags || tags["v"] != "DMARC1") return null;
        var policy = Request(tags["p"]);
        // §6.6.3: with somewhere to report to, a mistyped policy counts as "none".
        if (policy is null && tags["rua"] is null) return null;
        var percent = int.TryParse(tags["pct"], NumberStyles.None, CultureInfo.InvariantCulture, out var n) && n <= 100
            ? n : 100;
        var applied = policy ?? DmarcRequest.None;
        return new(applied, Request(tags["sp"]) ?? applied,
            tags["adkim"] is "s" or "S", tags["aspf"] is "s" or "S", percent);
    }

    private static DmarcRequest? Request(string? value) => value?.ToLowerInvariant() switch
    {
        "none" => DmarcRequest.None,
        "quarantine" => DmarcRequest.Quarantine,
        "reject" => DmarcRequest.Reject,
        _ => null,
    };
}

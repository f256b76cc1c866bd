using System.Diagnostics;
using AkkaMail.Core.Domains;

namespace AkkaMail.Server.Api.Domains;

/// <summary>What the API calls the states of domains, keys and records.</summary>
internal static class DomainWords
{
    public static string Of(DomainStanding standing) => standing switch
    {
        DomainStanding.Unverified => "unverified",
        DomainStanding.Verified => "verified",
        DomainStanding.Failing => "failing",
        _ => throw new UnreachableException($"{standing}"),
    };

    public static string Of(KeyState state) => state switch
    {
        KeyState.Pending => "pending",
        KeyState.Active => "active",
        KeyState.Retiring => "retiring",
        KeyState.Retired => "retired",
        _ => throw new UnreachableException($"{state}"),
    };

    public static string Of(RecordState state) => state switch
    {
        RecordState.Found => "found",
        RecordState.Missing => "missing",
        RecordState.Wrong => "wrong",
        RecordState.Unknown => "unknown",
        _ => throw new UnreachableException($"{state}"),
    };

    public static string Of(RecordPurpose purpose) => purpose switch
    {
        RecordPurpose.Dkim => "dkim",
        RecordPurpose.Spf => "spf",
        RecordPurpose.ReturnPath => "return_path",
        RecordPurpose.Dmarc => "dmarc",
        RecordPurpose.Tracking => "tracking",
        RecordPurpose.MtaSts => "mta_sts",
        RecordPurpose.TlsReporting => "tls_reporting",
        _ => throw new UnreachableException($"{purpose}"),
    };

    public static string Of(DkimAlgorithm algorithm) =>
        algorithm == DkimAlgorithm.RsaSha256 ? "rsa" : "ed25519";

    public static DkimAlgorithm? Algorithm(string word) => word switch
    {
        "rsa" => DkimAlgorithm.RsaSha256,
        "ed25519" => DkimAlgorithm.Ed25519Sha256,
        _ => null,
    };
}

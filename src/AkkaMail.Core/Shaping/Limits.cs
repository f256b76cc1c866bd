using AkkaMail.Core.Rules;

namespace AkkaMail.Core.Shaping;

/// <summary>
/// How a site is asked for encryption. <see cref="Opportunistic"/>: when offered, whoever it is (RFC 7435);
/// <see cref="Required"/>: encrypted or not at all; <see cref="Verified"/>: with a certificate that is valid for the
/// host (as MTA-STS's enforce, RFC 8461 §4.1); <see cref="Disabled"/>: plain text.
/// </summary>
public enum TlsPolicy : byte { Opportunistic, Required, Verified, Disabled }

/// <summary>
/// What a lane may do. Null says nothing: the less specific layer decides. Recipients in one transaction are not among
/// them: each message has a return path of its own (VERP), so that a transaction has one.
/// </summary>
public sealed record Limits
{
    public static Limits None { get; } = new();

    /// <summary>Messages begun.</summary>
    public Rate? Rate { get; init; }

    /// <summary>Connections at once, 1 to 5,000.</summary>
    public int? Connections { get; init; }

    /// <summary>Connections opened.</summary>
    public Rate? ConnectionRate { get; init; }

    /// <summary>Messages over one connection before it is closed, 1 to 100,000.</summary>
    public int? MessagesPerConnection { get; init; }

    public TlsPolicy? Tls { get; init; }
}

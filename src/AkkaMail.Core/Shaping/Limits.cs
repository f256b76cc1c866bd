using System.Collections.Immutable;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Rules;
using AkkaMail.Core.Shaping.Reading;

namespace AkkaMail.Core.Shaping;

/// <summary>
/// How a site is asked for encryption. <see cref="Opportunistic"/>: when offered, whoever it is (RFC 7435);
/// <see cref="Required"/>: encrypted or not at all; <see cref="Verified"/>: with a certificate that is valid for the
/// host (as MTA-STS's enforce, RFC 8461 §4.1); <see cref="Disabled"/>: plain text.
/// </summary>
public enum TlsPolicy : byte
{
    [Word("opportunistic")] Opportunistic,
    [Word("required")] Required,
    [Word("verified")] Verified,
    [Word("disabled")] Disabled,
}

/// <summary>
/// What one layer of the rules says of a lane. Null says nothing: the less specific layer decides. Recipients in one
/// transaction are not among them: each message has a return path of its own (VERP), so that a transaction has one.
/// </summary>
public sealed record Limits
{
    public static Limits None { get; } = new();

    /// <summary>When no layer says anything, which the shipped defaults rule out.</summary>
    internal static Limits BuiltIn { get; } =
        new() { Connections = 10, MessagesPerConnection = 100, Tls = TlsPolicy.Opportunistic };

    /// <summary>Messages begun.</summary>
    public Rate? Rate { get; init; }

    /// <summary>Connections at once.</summary>
    public int? Connections { get; init; }

    /// <summary>Connections opened.</summary>
    public Rate? ConnectionRate { get; init; }

    /// <summary>Messages over one connection before it is closed.</summary>
    public int? MessagesPerConnection { get; init; }

    public TlsPolicy? Tls { get; init; }
}

/// <summary>What holds for a lane, all layers considered. A null rate is no bound of ours.</summary>
public sealed partial record LaneLimits
{
    public Rate? Rate => Said.Rate;
    public int Connections => Said.Connections!.Value;
    public Rate? ConnectionRate => Said.ConnectionRate;
    public int MessagesPerConnection => Said.MessagesPerConnection!.Value;
    public TlsPolicy Tls => Said.Tls!.Value;
}

/// <summary>
/// The limits of a lane as shaping files name them: reading, laying one layer over another and explaining go through
/// this table.
/// </summary>
internal static class Knobs
{
    public static readonly ImmutableArray<Knob> All =
    [
        Knob.Of("rate", (f, name) => f.Rate(name), l => l.Rate, (l, value) => l with { Rate = value }),
        Knob.Of("connections", (f, name) => f.Int(name, 1, ShapingBounds.Connections),
            l => l.Connections, (l, value) => l with { Connections = value }),
        Knob.Of("connection_rate", (f, name) => f.Rate(name),
            l => l.ConnectionRate, (l, value) => l with { ConnectionRate = value }),
        Knob.Of("messages_per_connection", (f, name) => f.Int(name, 1, 100_000),
            l => l.MessagesPerConnection, (l, value) => l with { MessagesPerConnection = value }),
        Knob.Of("tls", (f, name) => f.Word<TlsPolicy>(name),
            l => l.Tls, (l, value) => l with { Tls = value }, tls => tls?.ToWord()),
    ];

    public static Limits Over(Limits below, Limits above) =>
        All.Aggregate(below, (limits, knob) => knob.Over(limits, above));
}

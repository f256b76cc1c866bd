using System.Collections.Immutable;
using System.Net;
using AkkaMail.Core.Hygiene;
using AkkaMail.Core.Replies;

namespace AkkaMail.Smtp.Resolving;

/// <summary>Where mail for a domain goes: an <see cref="MxPlan"/> or <see cref="NoRoute"/>.</summary>
public abstract record MxAnswer;

/// <summary>Hosts to try, the first first.</summary>
public sealed record MxPlan(ImmutableArray<string> Hosts) : MxAnswer;

/// <summary>No host to try. The reply is ours, in the words a receiver would use.</summary>
public sealed record NoRoute(SmtpReply Reply) : MxAnswer
{
    /// <summary>RFC 7505 §5: the domain says that it takes no mail.</summary>
    public static readonly NoRoute NullMx = Of(556, 5, 1, 10, "The recipient's domain accepts no mail (null MX)");

    public static readonly NoRoute NoDomain = Of(550, 5, 1, 2, "The recipient's domain does not exist");

    public static readonly NoRoute NoAddress = Of(550, 5, 1, 2, "The recipient's domain has neither MX nor address");

    public static readonly NoRoute Loop =
        Of(554, 5, 4, 6, "The recipient's domain points at this host: mail would loop");

    /// <summary>A host of the domain has an address, and it is none that a stranger may send us to.</summary>
    public static NoRoute Forbidden(IPAddress address, string why) => Of(
        550, 5, 1, 2, $"The recipient's domain leads to {address} ({why}), where no mail is brought") with
    { IsForbidden = true };

    /// <summary>It stands for this host alone: another of the domain's may be reachable.</summary>
    public bool IsForbidden { get; private init; }

    private static NoRoute Of(int code, int @class, int subject, int detail, string text) =>
        new(SmtpReply.Ours(code, new(@class, subject, detail), text));

    public static NoRoute Fault(string reason) => new(SmtpReply.Ours(reason));
}

/// <summary>
/// All hosts of a domain, whatever their preference, until when that holds; <paramref name="NoRoute"/> says why there
/// is none. A fault of DNS holds for seconds only. <paramref name="IsImplicit"/>: no MX, the domain is its own host.
/// </summary>
public sealed record DomainHosts(
    ImmutableArray<string> Hosts, NoRoute? NoRoute, DateTimeOffset Until, bool IsImplicit)
{
    public MxKind Kind =>
        NoRoute is null ? IsImplicit ? MxKind.AddressOnly : MxKind.Found
        : NoRoute == NoRoute.Loop ? MxKind.Found   // It is ours.
        : NoRoute == NoRoute.NullMx ? MxKind.NullMx
        : NoRoute == NoRoute.NoDomain ? MxKind.NoDomain
        : NoRoute == NoRoute.NoAddress || NoRoute.IsForbidden ? MxKind.None
        : MxKind.Unknown;
}

/// <summary>
/// The addresses of a host in the order to try; when there is none, <paramref name="NoRoute"/> says why.
/// </summary>
public sealed record HostAddresses(ImmutableArray<IPAddress> Addresses, NoRoute? NoRoute);

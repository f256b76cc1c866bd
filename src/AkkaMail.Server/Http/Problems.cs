using AkkaMail.Core.Ids;
using AkkaMail.Server.Refusals;

namespace AkkaMail.Server.Http;

/// <summary>What the description says of an endpoint's refusals.</summary>
internal static class Problems
{
    /// <summary>
    /// Every request can have a parameter or header that is none, every key be wrong, lack the scope, name a tenant that
    /// is not there, or come too often; and a server can be at fault, or not be ready. What its path or body names can
    /// only be missing where it names something: those say 404 themselves.
    /// </summary>
    private static readonly int[] OfEvery = [400, 401, 403, 422, 429, 500, 503];

    /// <summary>The statuses it refuses with, beside those of every endpoint.</summary>
    public static RouteHandlerBuilder Refuses(this RouteHandlerBuilder endpoint, params int[] statuses)
    {
        foreach (var status in statuses.Union(OfEvery).Order())
            endpoint.Produces<Problem>(status, "application/problem+json");
        return endpoint;
    }

    /// <summary>No endpoint gives these but those that say so.</summary>
    private static readonly RefusalCode[] OfSome =
    [
        RefusalCode.KeyInUse, RefusalCode.SenderNotVerified, RefusalCode.OverQuota, RefusalCode.LedgerFull,
        RefusalCode.Busy,
    ];

    /// <summary>The codes that a refusal with this status may have, at an endpoint with these of its own.</summary>
    public static IReadOnlyList<string> CodesOf(int status, IReadOnlyCollection<RefusalCode> own) =>
    [
        .. Enum.GetValues<RefusalCode>()
            .Where(c => Problem.StatusOf(c) == status && (!OfSome.Contains(c) || own.Contains(c))).Select(c => c.ToWord()),
    ];

    /// <summary>What only some endpoints refuse with: these are among them.</summary>
    public static RouteHandlerBuilder RefusesWith(this RouteHandlerBuilder endpoint, params RefusalCode[] codes) =>
        endpoint.WithMetadata(new OwnRefusals(codes));
}

/// <summary>Stands at an endpoint.</summary>
internal sealed record OwnRefusals(IReadOnlyList<RefusalCode> Codes);

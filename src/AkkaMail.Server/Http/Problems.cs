namespace AkkaMail.Server.Http;

/// <summary>What the description says of an endpoint's refusals.</summary>
internal static class Problems
{
    /// <summary>Every key can be wrong, lack the scope, come too often, or meet a server that is not ready.</summary>
    private static readonly int[] OfEvery = [401, 403, 429, 503];

    /// <summary>The statuses it refuses with, beside those of every endpoint.</summary>
    public static RouteHandlerBuilder Refuses(this RouteHandlerBuilder endpoint, params int[] statuses)
    {
        foreach (var status in statuses.Concat(OfEvery).Order())
            endpoint.Produces<Problem>(status, "application/problem+json");
        return endpoint;
    }
}

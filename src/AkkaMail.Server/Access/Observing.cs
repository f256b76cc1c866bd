namespace AkkaMail.Server.Access;

/// <summary>
/// What an endpoint shows to a key with the scope <c>observe</c>. One that says nothing shows all it has, with every
/// address in it masked; and none takes an order.
/// </summary>
internal enum Observing
{
    /// <summary>Nothing: it answers with what a mail says.</summary>
    Nothing,

    /// <summary>All as it is: what looks like an address is the name of something, as of a lane.</summary>
    AsItIs,
}

/// <summary>Stands at an endpoint.</summary>
internal sealed record Observed(Observing How);

internal static class ObservedEndpoints
{
    public static T Observed<T>(this T endpoint, Observing how) where T : IEndpointConventionBuilder =>
        endpoint.WithMetadata(new Observed(how));
}

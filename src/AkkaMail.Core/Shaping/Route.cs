using AkkaMail.Core.Attempts;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Rules;

namespace AkkaMail.Core.Shaping;

/// <summary>
/// Delivers one message on its lane's way and says how it went. Every outcome is a value: it throws only when
/// cancelled.
/// </summary>
public delegate Task<Attempt> Deliver(DueMessage message, Route route, CancellationToken cancel);

/// <summary>
/// The way an attempt takes, decided by its lane. <paramref name="ConnectionRate"/> is this node's share; null: any.
/// </summary>
public sealed record Route(
    Source Source, string Site, TlsPolicy Tls, int MessagesPerConnection, Rate? ConnectionRate)
{
    public LaneKey Lane => new(Source.Name, Site);
}

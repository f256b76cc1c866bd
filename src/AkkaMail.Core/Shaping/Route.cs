namespace AkkaMail.Core.Shaping;

/// <summary>
/// The way an attempt takes, decided by its lane. <paramref name="ConnectionRate"/> is this node's share; null: any.
/// </summary>
public sealed record Route(
    Source Source, string Site, TlsPolicy Tls, int MessagesPerConnection, Rate? ConnectionRate)
{
    public LaneKey Lane => new(Source.Name, Site);
}

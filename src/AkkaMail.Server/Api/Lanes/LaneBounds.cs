using AkkaMail.Core.Lanes;

namespace AkkaMail.Server.Api.Lanes;

internal static class LaneBounds
{
    public static readonly TimeSpan ForMin = TimeSpan.FromSeconds(1), ForMax = Hold.LongestEnd;

    public const int NoteMax = 500;
    public const int ConnectionsMax = 5_000;
    public const int NameMax = 64;

    /// <summary>An order is a few words.</summary>
    public const int BodyBytesMax = 16 * 1024;
}

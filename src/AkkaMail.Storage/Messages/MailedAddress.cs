using System.Collections.Immutable;
using AkkaMail.Core.Ids;

namespace AkkaMail.Storage.Messages;

/// <summary>
/// How often an address was delivered to since a time; <paramref name="Envelope"/> and <paramref name="Index"/> are of
/// the newest such message, where the address itself can be looked up.
/// </summary>
public sealed record MailedAddress(
    Hash128 Address, long Delivered, DateTimeOffset FirstAt, DateTimeOffset LastAt, long Envelope, int Index);

/// <summary><paramref name="Next"/> is where the next page begins, null at the end.</summary>
public sealed record MailedPage(ImmutableArray<MailedAddress> Addresses, Hash128? Next)
{
    /// <summary>Messages, of whatever tenant, that one page walks over.</summary>
    public const int MessagesMax = 50_000;

    /// <summary>17 octets: no address's hash is behind it.</summary>
    internal static readonly byte[] BehindAll = [.. Enumerable.Repeat((byte)255, 17)];
}

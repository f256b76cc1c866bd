using AkkaMail.Core.Messages;

namespace AkkaMail.Storage.Messages;

/// <summary>
/// How often an address was delivered to since a time; <paramref name="Envelope"/> and <paramref name="Index"/> are of the
/// newest such message, where the address itself can be looked up.
/// </summary>
public sealed record MailedAddress(
    Hash128 Address, long Delivered, DateTimeOffset FirstAt, DateTimeOffset LastAt, long Envelope, int Index);

using AkkaMail.Core.Ids;

namespace AkkaMail.Core.Seals;

/// <summary>
/// The envelope sender of one message, <c>b+TOKEN@return.example.com</c>: where its bounce comes back to. The token is
/// the message's name under a seal, so that nobody who has not got the mail can report a bounce of it; it names no
/// recipient, since every relay on the way logs it.
/// </summary>
public static class VerpAddress
{
    private const string Prefix = "b+";

    /// <summary>Part of what is sealed: the same key seals other things too.</summary>
    private static ReadOnlySpan<byte> Purpose => "verp1"u8;

    public static string Of(MessageId message, string returnPathDomain, ReadOnlySpan<byte> key) =>
        $"{Prefix}{SealedId.Of(message, Purpose, key)}@{returnPathDomain}";

    /// <summary>Whether a local part looks like one of these, ours or not.</summary>
    public static bool Is(ReadOnlySpan<char> local) => local.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase);

    /// <summary>The message a bounce to <paramref name="address"/> is about; null when we have not made it.</summary>
    public static MessageId? Verify(ReadOnlySpan<char> address, ReadOnlySpan<byte> key)
    {
        var at = address.LastIndexOf('@');
        if (at >= 0) address = address[..at];
        return address.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)
            ? SealedId.Verify(address[Prefix.Length..], Purpose, key) : null;
    }
}

using AkkaMail.Core.Ids;

namespace AkkaMail.Core.Seals;

/// <summary>
/// The last part of an unsubscribe link: which message it came with. Opaque, as RFC 8058 §3.1 asks, and sealed, so that
/// nobody unsubscribes others by counting.
/// </summary>
public static class UnsubscribeToken
{
    private static ReadOnlySpan<byte> Purpose => "unsub1"u8;

    public static string Of(MessageId message, ReadOnlySpan<byte> key) => SealedId.Of(message, Purpose, key);

    /// <summary>Null when we have not made it.</summary>
    public static MessageId? Verify(ReadOnlySpan<char> token, ReadOnlySpan<byte> key) =>
        SealedId.Verify(token, Purpose, key);
}

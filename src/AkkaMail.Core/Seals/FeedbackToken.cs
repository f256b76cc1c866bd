using AkkaMail.Core.Ids;

namespace AkkaMail.Core.Seals;

/// <summary>
/// The value of CFBL-Feedback-ID (RFC 9477 §3.2): which message a complaint is about. Providers take the recipient out
/// of their reports, but not what they do not understand.
/// </summary>
public static class FeedbackToken
{
    public const string Header = "CFBL-Feedback-ID", AddressHeader = "CFBL-Address";

    private static ReadOnlySpan<byte> Purpose => "cfbl1"u8;

    public static string Of(MessageId message, ReadOnlySpan<byte> key) => SealedId.Of(message, Purpose, key);

    /// <summary>Null when we have not made it.</summary>
    public static MessageId? Verify(ReadOnlySpan<char> token, ReadOnlySpan<byte> key) =>
        SealedId.Verify(token, Purpose, key);
}

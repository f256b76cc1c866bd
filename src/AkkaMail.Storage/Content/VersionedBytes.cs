using Google.Protobuf;

namespace AkkaMail.Storage.Content;

/// <summary>
/// A stored message of protobuf behind an octet that says its version. A field this program does not know is skipped: it
/// changes no octet of a mail. What does has a version of its own, and whoever does not know that must not guess.
/// </summary>
internal static class VersionedBytes
{
    public const byte Version = 1;

    public static byte[] Write(IMessage message)
    {
        var bytes = new byte[1 + message.CalculateSize()];
        bytes[0] = Version;
        message.WriteTo(bytes.AsSpan(1));
        return bytes;
    }

    /// <exception cref="InvalidDataException">A later program has written it, or it is damaged.</exception>
    public static T Read<T>(byte[] bytes, MessageParser<T> parser) where T : IMessage<T>
    {
        if (bytes is not [Version, ..])
            throw new InvalidDataException($"stored mail of unknown version {(bytes is [var v, ..] ? v : -1)}");
        try { return parser.ParseFrom(bytes, 1, bytes.Length - 1); }
        catch (InvalidProtocolBufferException e) { throw new InvalidDataException("stored mail is damaged", e); }
    }
}

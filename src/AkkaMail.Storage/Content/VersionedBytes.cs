using AkkaMail.Core.Mail;
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

    /// <exception cref="StoreException">A later program has written it, and will be able to read it: not now.</exception>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public static T Read<T>(byte[] bytes, MessageParser<T> parser) where T : IMessage<T>
    {
        if (bytes.Length == 0) throw new InvalidDataException("stored mail is empty");
        if (bytes[0] != Version)
            throw new StoreException(ContentStore.Name, $"a mail has been stored in version {bytes[0]}, by another program", null);
        try { return parser.ParseFrom(bytes, 1, bytes.Length - 1); }
        catch (InvalidProtocolBufferException e) { throw new InvalidDataException("stored mail is damaged", e); }
    }
}

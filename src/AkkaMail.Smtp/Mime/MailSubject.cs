using MimeKit;

namespace AkkaMail.Smtp.Mime;

/// <summary>What a list shows of a mail.</summary>
public static class MailSubject
{
    /// <summary>Decoded (RFC 2047); empty when there is none.</summary>
    public static string Of(byte[] octets) => MimeMessage.Load(new MemoryStream(octets, writable: false)).Subject ?? "";
}

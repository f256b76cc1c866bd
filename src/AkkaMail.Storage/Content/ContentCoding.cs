using AkkaMail.Core.Ids;
using AkkaMail.Core.Mail;
using Google.Protobuf;

namespace AkkaMail.Storage.Content;

/// <summary>What all messages of a submission share, as stored bytes.</summary>
internal static class ContentCoding
{
    public static byte[] Encode(MailContent content)
    {
        var wire = new MailContentWire { Subject = WellFormed.Of(content.Subject) };
        if (content.Text is { } text) wire.Text = WellFormed.Of(text);
        if (content.Html is { } html) wire.Html = WellFormed.Of(html);
        foreach (var file in content.Attachments) wire.Attachments.Add(Wire(file));
        if (content.Raw is { } raw)
        {
            var octets = UnsafeByteOperations.UnsafeWrap(raw);
            if (content.IsSubmitted) wire.Submitted = octets; else wire.PassedOn = octets;
        }
        return VersionedBytes.Write(wire);
    }

    public static MailContent Decode(byte[] bytes)
    {
        var wire = VersionedBytes.Read(bytes, MailContentWire.Parser);
        return new(wire.Subject, wire.HasText ? wire.Text : null, wire.HasHtml ? wire.Html : null,
            [.. wire.Attachments.Select(Attachment)])
        {
            Raw = wire.RawCase switch
            {
                MailContentWire.RawOneofCase.PassedOn => wire.PassedOn.ToByteArray(),
                MailContentWire.RawOneofCase.Submitted => wire.Submitted.ToByteArray(),
                _ => null,
            },
            IsSubmitted = wire.RawCase == MailContentWire.RawOneofCase.Submitted,
        };
    }

    private static AttachmentWire Wire(Attachment file)
    {
        var wire = new AttachmentWire
        {
            Filename = WellFormed.Of(file.Filename),
            ContentType = WellFormed.Of(file.ContentType),
            Octets = UnsafeByteOperations.UnsafeWrap(file.Bytes),
        };
        if (file.ContentId is { } id) wire.ContentId = WellFormed.Of(id);
        return wire;
    }

    private static Attachment Attachment(AttachmentWire wire) => new(
        wire.Filename, wire.ContentType, wire.HasContentId ? wire.ContentId : null, wire.Octets.ToByteArray());
}

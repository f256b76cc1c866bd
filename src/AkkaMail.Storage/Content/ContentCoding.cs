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
        switch (content.Raw, content.IsSubmitted)
        {
            case (BlobOctets blob, true): wire.SubmittedBlob = Wire(blob); break;
            case (BlobOctets blob, false): wire.PassedOnBlob = Wire(blob); break;
            case ({ } raw, true): wire.Submitted = Inline(raw); break;
            case ({ } raw, false): wire.PassedOn = Inline(raw); break;
        }
        return VersionedBytes.Write(wire);
    }

    /// <param name="blobs">Where octets lie that are not in the row.</param>
    public static MailContent Decode(byte[] bytes, Func<long, long, Octets> blobs)
    {
        var wire = VersionedBytes.Read(bytes, MailContentWire.Parser);
        return new(wire.Subject, wire.HasText ? wire.Text : null, wire.HasHtml ? wire.Html : null,
            [.. wire.Attachments.Select(a => Attachment(a, blobs))])
        {
            Raw = wire.RawCase switch
            {
                MailContentWire.RawOneofCase.PassedOn => Octets.Of(wire.PassedOn.Memory),
                MailContentWire.RawOneofCase.Submitted => Octets.Of(wire.Submitted.Memory),
                MailContentWire.RawOneofCase.PassedOnBlob => blobs(wire.PassedOnBlob.Id, wire.PassedOnBlob.Length),
                MailContentWire.RawOneofCase.SubmittedBlob => blobs(wire.SubmittedBlob.Id, wire.SubmittedBlob.Length),
                _ => null,
            },
            IsSubmitted = wire.RawCase
                is MailContentWire.RawOneofCase.Submitted or MailContentWire.RawOneofCase.SubmittedBlob,
        };
    }

    private static AttachmentWire Wire(Attachment file)
    {
        var wire = new AttachmentWire
        {
            Filename = WellFormed.Of(file.Filename),
            ContentType = WellFormed.Of(file.ContentType),
        };
        if (file.Octets is BlobOctets blob) wire.Blob = Wire(blob); else wire.Octets = Inline(file.Octets);
        if (file.ContentId is { } id) wire.ContentId = WellFormed.Of(id);
        return wire;
    }

    private static BlobWire Wire(BlobOctets blob) => new() { Id = blob.Id, Length = blob.Length };

    private static ByteString Inline(Octets octets) => UnsafeByteOperations.UnsafeWrap(octets.InMemory
        ?? throw new InvalidOperationException("octets that are not in memory lie in no row of a content"));

    private static Attachment Attachment(AttachmentWire wire, Func<long, long, Octets> blobs) => new(
        wire.Filename, wire.ContentType, wire.HasContentId ? wire.ContentId : null,
        wire.Blob is { } blob ? blobs(blob.Id, blob.Length) : Octets.Of(wire.Octets.Memory));
}

using System.Collections.Immutable;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Mail;
using Google.Protobuf.Collections;

namespace AkkaMail.Storage.Content;

/// <summary>A submission's envelope as rows: a head, and chunks where its mails are too many for one row.</summary>
internal sealed record EncodedEnvelope(byte[] Head, ImmutableArray<byte[]> Chunks, EnvelopeHead Envelope)
{
    public int Bytes => Head.Length + Chunks.Sum(c => c.Length);
}

/// <summary>
/// An envelope as far as its head says: with all mails, or where they are many with none, and which chunk has which.
/// </summary>
internal sealed record EnvelopeHead(SubmissionEnvelope Head, ImmutableArray<EnvelopeChunk> Chunks)
{
    public int Messages => Chunks.IsEmpty ? Head.Mails.Sum(m => m.Count) : Chunks[^1].MessagesBefore + Chunks[^1].Messages;

    /// <summary>The chunk with a message; null: it is in none.</summary>
    public int? ChunkOf(int message)
    {
        for (var chunk = 0; chunk < Chunks.Length; chunk++)
            if (message >= Chunks[chunk].MessagesBefore
                && message - Chunks[chunk].MessagesBefore < Chunks[chunk].Messages) return chunk;
        return null;
    }

    /// <summary>The envelope with the mails of one chunk.</summary>
    public SubmissionEnvelope With(int chunk, ImmutableArray<MailEnvelope> mails) => Head with
    {
        Mails = mails,
        MailsBefore = Chunks[chunk].MailsBefore,
        MessagesBefore = Chunks[chunk].MessagesBefore,
    };
}

/// <summary>How many mails and messages a chunk has, and how many stand before them.</summary>
internal readonly record struct EnvelopeChunk(int MailsBefore, int Mails, int MessagesBefore, int Messages);

/// <summary>
/// Whom a submission names, as stored bytes. A message is sent with its own mail alone, so that is what it reads: not
/// the variables of all others.
/// </summary>
internal static class EnvelopeCoding
{
    /// <summary>Of one row; a mail that is larger has a row of its own.</summary>
    private const int MailsMax = 50, BytesMax = 64 << 10;

    public static EncodedEnvelope Encode(SubmissionEnvelope envelope)
    {
        var head = new EnvelopeWire { From = Wire(envelope.From), Dressing = Wire(envelope.Dressing) };
        head.ReplyTo.AddRange(envelope.ReplyTo.Select(Wire));
        head.Headers.AddRange(envelope.Headers.Select(Wire));
        if (envelope.MailFrom is { } mailFrom) head.MailFrom = WellFormed.Of(mailFrom);
        var chunks = Chunks(envelope.Mails);
        if (chunks.Count == 1)
        {
            head.Mails.AddRange(chunks[0].Mails);
            return new(VersionedBytes.Write(head), [], new(envelope, []));
        }
        head.Chunks.AddRange(chunks.Select(c => new ChunkWire { Mails = c.Mails.Count, Messages = c.Mails.Sum(Messages) }));
        return new(VersionedBytes.Write(head), [.. chunks.Select(VersionedBytes.Write)],
            new(envelope with { Mails = [] }, Places(head.Chunks)));
    }

    public static EnvelopeHead DecodeHead(byte[] bytes)
    {
        var wire = VersionedBytes.Read(bytes, EnvelopeWire.Parser);
        var head = new SubmissionEnvelope(
            Mailbox(wire.From ?? throw new InvalidDataException("a stored envelope has no sender")), Mailboxes(wire.ReplyTo), Headers(wire.Headers), Mails(wire.Mails))
        {
            MailFrom = wire.HasMailFrom ? wire.MailFrom : null,
            Dressing = wire.Dressing is not { } d ? Dressing.None
                : new(d.HasUnsubscribeAt ? d.UnsubscribeAt : null, d.HasFeedbackTo ? d.FeedbackTo : null,
                    d.HasFeedbackId ? d.FeedbackId : null),
        };
        return new(head, Places(wire.Chunks));
    }

    public static ImmutableArray<MailEnvelope> DecodeChunk(byte[] bytes) =>
        Mails(VersionedBytes.Read(bytes, EnvelopeChunkWire.Parser).Mails);

    private static List<EnvelopeChunkWire> Chunks(ImmutableArray<MailEnvelope> mails)
    {
        List<EnvelopeChunkWire> chunks = [new()];
        var bytes = 0;
        foreach (var mail in mails)
        {
            var wire = Wire(mail);
            var size = wire.CalculateSize();
            if (chunks[^1].Mails.Count is > 0 and var count && (count == MailsMax || bytes + size > BytesMax))
            {
                chunks.Add(new());
                bytes = 0;
            }
            chunks[^1].Mails.Add(wire);
            bytes += size;
        }
        return chunks;
    }

    private static ImmutableArray<EnvelopeChunk> Places(RepeatedField<ChunkWire> chunks)
    {
        var places = ImmutableArray.CreateBuilder<EnvelopeChunk>(chunks.Count);
        var (mails, messages) = (0, 0);
        foreach (var chunk in chunks)
        {
            places.Add(new(mails, chunk.Mails, messages, chunk.Messages));
            (mails, messages) = (mails + chunk.Mails, messages + chunk.Messages);
        }
        return places.MoveToImmutable();
    }

    private static int Messages(MailEnvelopeWire mail) => mail.To.Count + mail.Cc.Count + mail.Bcc.Count;

    private static MailEnvelopeWire Wire(MailEnvelope mail)
    {
        var wire = new MailEnvelopeWire();
        foreach (var to in mail.To) wire.To.Add(Wire(to));
        foreach (var cc in mail.Cc) wire.Cc.Add(Wire(cc));
        foreach (var bcc in mail.Bcc) wire.Bcc.Add(Wire(bcc));
        if (mail.Subject is { } subject) wire.Subject = WellFormed.Of(subject);
        foreach (var variable in mail.Variables) wire.Variables.Add(Wire(variable));
        foreach (var metadata in mail.Metadata) wire.Metadata.Add(Wire(metadata));
        foreach (var header in mail.Headers) wire.Headers.Add(Wire(header));
        return wire;
    }

    private static ImmutableArray<MailEnvelope> Mails(RepeatedField<MailEnvelopeWire> mails) => [.. mails.Select(m =>
        new MailEnvelope(Mailboxes(m.To), Mailboxes(m.Cc), Mailboxes(m.Bcc), m.HasSubject ? m.Subject : null,
            Variables(m.Variables), Variables(m.Metadata), Headers(m.Headers)))];

    private static DressingWire? Wire(Dressing dressing)
    {
        if (dressing == Dressing.None) return null;
        var wire = new DressingWire();
        if (dressing.UnsubscribeAt is { } at) wire.UnsubscribeAt = at;
        if (dressing.FeedbackTo is { } to) wire.FeedbackTo = to;
        if (dressing.FeedbackId is { } id) wire.FeedbackId = id;
        return wire;
    }

    private static MailboxWire Wire(Mailbox mailbox) =>
        new() { Name = WellFormed.Of(mailbox.Name), Address = WellFormed.Of(mailbox.Address) };

    private static HeaderFieldWire Wire(HeaderField header) =>
        new() { Name = WellFormed.Of(header.Name), Value = WellFormed.Of(header.Value) };

    private static VariableWire Wire(Variable variable) =>
        new() { Name = WellFormed.Of(variable.Name), Value = WellFormed.Of(variable.Value) };

    private static Mailbox Mailbox(MailboxWire wire) => new(wire.Name, wire.Address);

    private static ImmutableArray<Mailbox> Mailboxes(RepeatedField<MailboxWire> wires) =>
        wires.Count == 0 ? [] : [.. wires.Select(Mailbox)];

    private static ImmutableArray<HeaderField> Headers(RepeatedField<HeaderFieldWire> wires) =>
        wires.Count == 0 ? [] : [.. wires.Select(w => new HeaderField(w.Name, w.Value))];

    private static ImmutableArray<Variable> Variables(RepeatedField<VariableWire> wires) =>
        wires.Count == 0 ? [] : [.. wires.Select(w => new Variable(w.Name, w.Value))];
}

using System.Collections.Immutable;
using AkkaMail.Core.Mail;

namespace AkkaMail.Storage.Content;

/// <summary>
/// A head with what the submission says, or a chunk: then <paramref name="Content"/> is null, it is its head's.
/// </summary>
internal sealed record CachedMail(MailContent? Content, EnvelopeHead Envelope);

/// <summary>
/// What was written or read lately and is likely asked for soon, in bounded memory: of each submission the head, and each
/// chunk apart, so that mails with much of their own are let go one after the other.
/// </summary>
internal sealed class UndeliveredMails(long bytesMax)
{
    /// <summary>The head's place among the chunks.</summary>
    public const int Head = -1;

    private readonly ByteBoundCache<(long Envelope, int Chunk), CachedMail> _mails = new(bytesMax);
    private long _removals;

    public long Bytes => _mails.Bytes;

    /// <summary>How often something was removed: what was read before that is not kept.</summary>
    public long Removals => Interlocked.Read(ref _removals);

    public CachedMail? Find(long envelope, int chunk, bool isUse)
    {
        CachedMail? found;
        return (isUse ? _mails.TryUse((envelope, chunk), out found) : _mails.TryGet((envelope, chunk), out found))
            ? found : null;
    }

    /// <summary>A submission that was written, for the first attempt of each message.</summary>
    public void Add(
        long envelope, MailContent content, int contentBytes, EncodedEnvelope encoded, ImmutableArray<MailEnvelope> mails)
    {
        var head = encoded.Envelope;
        // Its first mails last: they are asked for first, and should be there then.
        for (var chunk = head.Chunks.Length - 1; chunk >= 0; chunk--)
        {
            var place = head.Chunks[chunk];
            var part = head.With(chunk, ImmutableArray.Create(mails, place.MailsBefore, place.Mails));
            Put(envelope, chunk, new(null, new(part, [])), encoded.Chunks[chunk].Length, place.Messages);
        }
        Put(envelope, Head, new(content, head), contentBytes + encoded.Head.Length, head.Messages);
    }

    /// <summary>One that was read for an attempt: the others are likely due at the same time.</summary>
    public void Keep(long envelope, int chunk, CachedMail mail, int bytes, long removals)
    {
        var others = mail.Envelope.Messages - 1;
        if (others > 0) Put(envelope, chunk, mail, bytes, others);
        // What was erased while it was read must not come back by memory.
        if (removals != Removals) Drop(envelope);
    }

    public void Remove(long envelope)
    {
        Interlocked.Increment(ref _removals);
        Drop(envelope);
    }

    public void Clear()
    {
        Interlocked.Increment(ref _removals);
        _mails.Clear();
    }

    private void Drop(long envelope)
    {
        // Without its head nobody knows how many chunks there are.
        if (!_mails.TryGet((envelope, Head), out var head)) _mails.Remove(key => key.Envelope == envelope);
        else
            for (var chunk = Head; chunk < head.Envelope.Chunks.Length; chunk++) _mails.Remove((envelope, chunk));
    }

    // In memory text is UTF-16, so up to twice the stored bytes.
    private void Put(long envelope, int chunk, CachedMail mail, int bytes, int uses) =>
        _mails.Put((envelope, chunk), mail, 2L * bytes, uses);
}

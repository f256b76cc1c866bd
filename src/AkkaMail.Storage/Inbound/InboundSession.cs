using System.Collections.Immutable;
using System.Data.Common;
using System.IO.Compression;
using AkkaMail.Core.Inbound;
using AkkaMail.Storage.Databases;

namespace AkkaMail.Storage.Inbound;

/// <summary>The statements of <see cref="InboundStore"/>; each call is part of one transaction.</summary>
internal sealed class InboundSession : Session
{
    private readonly DbCommand _add, _body, _conclude, _postpone, _rereadUnclear, _reread, _prune, _pruneBodies, _sums;
    private readonly Action<InboundSums> _changed;
    private long _sealed, _open, _bytes;

    /// <param name="changed">Hears of the sums after each commit that has changed them.</param>
    public InboundSession(Database database, Action<InboundSums> changed) : base(database)
    {
        _changed = changed;
        _sums = Prepare(InboundSums.Change, "@s", "@o", "@b");
        _body = Prepare("INSERT INTO bodies (bytes) VALUES (@b) RETURNING id", "@b");
        _add = Prepare("""
            INSERT INTO mails (body, at, door, recipient, mail_from, helo, remote, size, submission, idx, loop, outcome,
                due_at, tries)
            VALUES (@b, @a, @d, @r, @f, @h, @re, @s, @su, @i, @l, 0, @a, 0) RETURNING id
            """, "@b", "@a", "@d", "@r", "@f", "@h", "@re", "@s", "@su", "@i", "@l");
        _conclude = Prepare("""
            UPDATE mails SET outcome = @o, submission = @su, idx = @i, tenant = @t, kind = @k, reporter = @r,
                is_verified = @iv, authentication = @a, feedback_type = @f, reason = @re, rule = @ru, version = @v,
                detail = @d, tries = tries + 1 WHERE id = @id AND outcome = 0 RETURNING door
            """, "@o", "@su", "@i", "@t", "@k", "@r", "@iv", "@a", "@f", "@re", "@ru", "@v", "@d", "@id");
        _postpone = Prepare(
            "UPDATE mails SET due_at = @a, tries = tries + 1, detail = @d WHERE id = @i", "@a", "@d", "@i");
        // Those that were looked at longest ago first: again and again, it gets to all of them.
        _rereadUnclear = Prepare("""
            UPDATE mails SET outcome = 0, due_at = @a, tries = 0 WHERE id IN (SELECT id FROM mails
                WHERE (outcome = 5 OR (outcome = 1 AND reason = 0)) AND version <> @v ORDER BY due_at LIMIT @n)
            RETURNING door
            """, "@a", "@v", "@n");
        _reread = Prepare("""
            UPDATE mails SET outcome = 0, due_at = @a, tries = 0 WHERE id = @i AND outcome <> 0 AND door IN (0, 1) RETURNING door
            """, "@a", "@i");
        _prune = Prepare("""
            DELETE FROM mails WHERE id IN (SELECT id FROM mails WHERE at < @a AND outcome <> 0 ORDER BY at LIMIT @n)
            RETURNING body
            """, "@a", "@n");
        _pruneBodies = Prepare("""
            DELETE FROM bodies WHERE id = @b AND NOT EXISTS (SELECT 1 FROM mails WHERE body = @b) RETURNING CAST(length(bytes) AS BIGINT)
            """, "@b");
    }

    public override void Begin()
    {
        base.Begin();
        (_sealed, _open, _bytes) = (0, 0, 0);
    }

    /// <summary>The sums come last: other nodes wait for that row.</summary>
    public override void Commit()
    {
        var sums = (_sealed, _open, _bytes) == default ? null : Change();
        base.Commit();
        if (sums is not null) _changed(sums);
    }

    private InboundSums Change()
    {
        using var row = Bind(_sums, _sealed, _open, _bytes).ExecuteReader();
        return row.Read() ? new(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3))
            : throw new InvalidOperationException("The row of sums is gone.");
    }

    /// <summary>How many rows it has changed, each of which waits now, or no more.</summary>
    private int Count(DbCommand command, int by)
    {
        using var doors = command.ExecuteReader();
        var count = 0;
        for (; doors.Read(); count++) Count((ReturnDoor)doors.GetInt64(0), by);
        return count;
    }

    private void Count(ReturnDoor door, int by)
    {
        if (door == ReturnDoor.ReturnPath) _sealed += by;
        else _open += by;
    }

    /// <summary>One mail for several of our addresses: a row each, its octets once.</summary>
    public ImmutableArray<long> Add(IReadOnlyCollection<NewInboundMail> mails)
    {
        var packed = Pack(mails.First().Bytes.Span);
        var body = (long)Bind(_body, packed).ExecuteScalar()!;
        _bytes += packed.Length;
        foreach (var mail in mails) Count(mail.Door, 1);
        return [.. mails.Select(m => (long)Bind(_add, body, m.At.UtcTicks, (byte)m.Door, m.Envelope.Recipient,
            m.Envelope.MailFrom, m.Envelope.Helo, m.Envelope.Remote, m.Bytes.Length, InboundMailRow.BytesOf(m.Message),
            m.Message?.Index, m.Loop).ExecuteScalar()!)];
    }

    /// <summary>False: it waits no more, since another node has concluded it.</summary>
    public bool Conclude(long id, InboundReading r) => Count(Bind(_conclude,
        (byte)r.Outcome, InboundMailRow.BytesOf(r.Message), r.Message?.Index, r.Tenant, (byte?)r.Meaning.Kind,
        r.Reporter, r.IsVerified, r.Authentication, r.Meaning.FeedbackType, (byte?)r.Meaning.Reason, r.Meaning.Rule,
        r.Meaning.Version, r.Detail, id), -1) > 0;

    public bool Postpone(long id, DateTimeOffset until, string why) =>
        Bind(_postpone, until.UtcTicks, why, id).ExecuteNonQuery() > 0;

    public int RereadUnclear(string version, int max, DateTimeOffset now) =>
        Count(Bind(_rereadUnclear, now.UtcTicks, version, max), 1);

    public bool Reread(long id, DateTimeOffset now) => Count(Bind(_reread, now.UtcTicks, id), 1) > 0;

    /// <summary>At most so many, or others would wait for it; how many they were.</summary>
    public int Prune(DateTimeOffset before, int max)
    {
        var bodies = new List<long>();
        using (var gone = Bind(_prune, before.UtcTicks, max).ExecuteReader())
            while (gone.Read()) bodies.Add(gone.GetInt64(0));
        _bytes -= bodies.Distinct().Sum(b => Bind(_pruneBodies, b).ExecuteScalar() as long? ?? 0);
        return bodies.Count;
    }

    /// <summary>
    /// Bounces are text, and half of it is the same in all of them: the fastest level takes two thirds.
    /// </summary>
    private static byte[] Pack(ReadOnlySpan<byte> bytes)
    {
        var packed = new byte[BrotliEncoder.GetMaxCompressedLength(bytes.Length)];
        return BrotliEncoder.TryCompress(bytes, packed, out var length, quality: 1, window: 18)
            ? packed[..length] : throw new InvalidOperationException("The buffer holds any result.");
    }

    /// <summary><see cref="InvalidDataException"/>: what is stored is no mail any more.</summary>
    public static byte[] Unpack(byte[] packed, long size)
    {
        var bytes = new byte[size];
        return BrotliDecoder.TryDecompress(packed, bytes, out var length) && length == size
            ? bytes : throw new InvalidDataException("The stored mail is damaged.");
    }
}

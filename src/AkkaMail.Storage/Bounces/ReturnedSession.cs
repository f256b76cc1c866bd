using System.IO.Compression;
using AkkaMail.Core.Bounces.Returned;
using AkkaMail.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace AkkaMail.Storage.Bounces;

/// <summary>The statements of <see cref="ReturnedStore"/>; each call is part of one transaction.</summary>
internal sealed class ReturnedSession : SqliteSession
{
    private readonly SqliteCommand _add, _body, _conclude, _postpone, _rereadUnclear, _reread, _prune, _pruneBodies;

    public ReturnedSession(SqliteFile file) : base(file)
    {
        _add = Prepare("""
            INSERT INTO mails (at, door, recipient, mail_from, helo, remote, size, submission, idx, outcome, due_at, tries,
                reporter)
            VALUES ($a, $d, $r, $f, $h, $re, $s, $su, $i, 0, $a, 0, $l) RETURNING id
            """, "$a", "$d", "$r", "$f", "$h", "$re", "$s", "$su", "$i", "$l");
        _body = Prepare("INSERT INTO bodies VALUES ($i, $b)", "$i", "$b");
        _conclude = Prepare("""
            UPDATE mails SET outcome = $o, submission = $su, idx = $i, tenant = $t, kind = $k, reporter = $r,
                authentication = $a, feedback_type = $f, reason = $re, rule = $ru, version = $v, detail = $d,
                tries = tries + 1 WHERE id = $id
            """, "$o", "$su", "$i", "$t", "$k", "$r", "$a", "$f", "$re", "$ru", "$v", "$d", "$id");
        _postpone = Prepare(
            "UPDATE mails SET due_at = $a, tries = tries + 1, detail = $d WHERE id = $i", "$a", "$d", "$i");
        _rereadUnclear = Prepare("""
            UPDATE mails SET outcome = 0, due_at = $a, tries = 0 WHERE id IN (SELECT id FROM mails
                WHERE (outcome = $u OR outcome = $r AND reason = 0) AND version <> $v LIMIT $n)
            """, "$a", "$u", "$r", "$v", "$n");
        _reread = Prepare("""
            UPDATE mails SET outcome = 0, due_at = $a, tries = 0 WHERE id = $i AND outcome NOT IN (0, $d, $p, $o)
            """, "$a", "$i", "$d", "$p", "$o");
        const string Old = "(SELECT id FROM mails WHERE at < $a AND outcome <> 0 ORDER BY at LIMIT $n)";
        _pruneBodies = Prepare($"DELETE FROM bodies WHERE id IN {Old}", "$a", "$n");
        _prune = Prepare($"DELETE FROM mails WHERE id IN {Old}", "$a", "$n");
    }

    public long Add(NewReturnedMail m)
    {
        var id = (long)Bind(_add, m.At.UtcTicks, (byte)m.Door, m.Recipient, m.MailFrom, m.Helo, m.Remote, m.Bytes.Length,
            MailRow.BytesOf(m.Message), m.Message?.Index, m.Loop).ExecuteScalar()!;
        Bind(_body, id, Pack(m.Bytes.Span)).ExecuteNonQuery();
        return id;
    }

    public bool Conclude(long id, ReturnedReading r) => Bind(_conclude,
        (byte)r.Outcome, MailRow.BytesOf(r.Message), r.Message?.Index, r.Tenant, (byte?)r.Kind, r.Reporter,
        r.Authentication, r.FeedbackType, (byte?)r.Reason, r.Rule, r.Version, r.Detail, id).ExecuteNonQuery() > 0;

    public bool Postpone(long id, DateTimeOffset until, string why) =>
        Bind(_postpone, until.UtcTicks, why, id).ExecuteNonQuery() > 0;

    public int RereadUnclear(string version, int max, DateTimeOffset now) => Bind(_rereadUnclear, now.UtcTicks,
        (byte)ReturnedOutcome.Unclear, (byte)ReturnedOutcome.Recorded, version, max).ExecuteNonQuery();

    public bool Reread(long id, DateTimeOffset now) => Bind(_reread, now.UtcTicks, id,
        (byte)ReturnedOutcome.DomainReport, (byte)ReturnedOutcome.ForPeople, (byte)ReturnedOutcome.PassedOn).ExecuteNonQuery() > 0;

    /// <summary>At most so many, or others would wait for it; how many they were.</summary>
    public int Prune(DateTimeOffset before, int max)
    {
        Bind(_pruneBodies, before.UtcTicks, max).ExecuteNonQuery();
        return Bind(_prune, before.UtcTicks, max).ExecuteNonQuery();
    }

    /// <summary>Bounces are text, and half of it is the same in all of them: the fastest level takes two thirds.</summary>
    private static byte[] Pack(ReadOnlySpan<byte> bytes)
    {
        var packed = new byte[BrotliEncoder.GetMaxCompressedLength(bytes.Length)];
        return BrotliEncoder.TryCompress(bytes, packed, out var length, quality: 1, window: 18)
            ? packed[..length] : throw new InvalidOperationException("The buffer holds any result.");
    }

    public static byte[] Unpack(byte[] packed, long size)
    {
        var bytes = new byte[size];
        return BrotliDecoder.TryDecompress(packed, bytes, out var length) && length == size
            ? bytes : throw new ReturnedException("a stored mail is damaged");
    }
}

using AkkaMail.Core.Mail;
using AkkaMail.Storage.Databases;
using LinqToDB;
using LinqToDB.Async;

namespace AkkaMail.Storage.Content;

/// <summary>
/// Octets that lie apart from what their mail says, in rows of one piece each: they are written and read piece by piece, so
/// that a file of 25 MB is never in memory as a whole. They go with the last content that names them.
/// </summary>
internal sealed class Blobs(Database database, WriterLoop<ContentSession> writer)
{
    /// <summary>A file that is smaller lies in the content's own row: a row more costs more than it saves.</summary>
    public const int From = 64 << 10;

    /// <summary>Octets of a row. A commit takes what is written meanwhile, of others too.</summary>
    public const int PieceBytes = 256 << 10;

    public Octets Of(long id, long length) => new BlobOctets(database, id, length);

    /// <summary>What a crash left of mails that were never promised.</summary>
    public static void DropOrphans(Database database) => database.Write(
        connection => connection.Run("DELETE FROM blobs WHERE id NOT IN (SELECT blob FROM blob_uses)"));

    /// <summary>The content with its large octets stored, and the blobs that they are.</summary>
    public async ValueTask<StoredContent> Write(
        MailContent content, string tenant, DateTimeOffset keepUntil, CancellationToken cancel)
    {
        var isLarge = content.Raw is { } raw && LiesApart(raw, RawFrom);
        if (!isLarge && !content.Attachments.Any(a => LiesApart(a.Octets, From))) return new(content, [], []);
        var (named, copied) = (new HashSet<long>(), new HashSet<long>());
        try
        {
            if (isLarge) content = content with { Raw = await Write(content.Raw!) };
            var files = content.Attachments.ToBuilder();
            for (var i = 0; i < files.Count; i++)
                if (LiesApart(files[i].Octets, From))
                    files[i] = files[i] with { Octets = await Write(files[i].Octets) };
            return new(content with { Attachments = files.ToImmutable() }, named, copied);
        }
        catch
        {
            await Drop(copied);
            throw;
        }

        async Task<Octets> Write(Octets octets)
        {
            var hash = ContentHash.Of(octets, tenant, keepUntil);
            var known = await writer.Run(session => session.FindBlob(hash)).WaitAsync(cancel);
            var id = known ?? await Copy(octets, hash, keepUntil, copied, cancel);
            named.Add(id);
            return Of(id, octets.Length);
        }
    }

    /// <summary>A mail that came as a whole lies apart from where it is no ordinary one.</summary>
    private const long RawFrom = 1 << 20;

    /// <summary>What is not in memory as a whole is in no row as a whole either, however small.</summary>
    private static bool LiesApart(Octets octets, long from) => octets.InMemory is null || octets.Length >= from;

    private async Task<long> Copy(
        Octets octets, ContentHash hash, DateTimeOffset keepUntil, HashSet<long> copied, CancellationToken cancel)
    {
        using var stream = octets.Open();
        long? blob = null;
        for (var (left, number) = (octets.Length, 0); left > 0; number++)
        {
            var piece = new byte[Math.Min(left, PieceBytes)];
            await stream.ReadExactlyAsync(piece, cancel);
            var (of, n) = (blob, number);
            // To its end, also for a client that is gone: a piece whose blob nobody knows would be dropped by nobody.
            blob = await writer.Run(session => session.AddPiece(of, n, piece, keepUntil), piece.Length);
            copied.Add(blob.Value);
            cancel.ThrowIfCancellationRequested();
            left -= piece.Length;
        }
        // Of an empty file there is no piece, and yet it has to be found.
        blob ??= await writer.Run(session => session.AddPiece(null, 0, [], keepUntil));
        copied.Add(blob.Value);
        await writer.Run(session => session.EndBlob(hash, blob.Value)).WaitAsync(cancel);
        return blob.Value;
    }

    /// <summary>Those that no content names: their mail was not taken.</summary>
    public async Task Drop(IReadOnlyCollection<long> blobs)
    {
        foreach (var blob in blobs)
        {
            // What fails now is gone at the next start.
            try { await writer.Run(session => session.DropBlob(blob)); }
            catch (StoreException) { return; }
        }
    }
}

/// <summary>
/// A content whose large octets are stored: the blobs it names, and which of them were written for it.
/// </summary>
internal sealed record StoredContent(
    MailContent Content, IReadOnlyCollection<long> Blobs, IReadOnlyCollection<long> Copied);

/// <summary>A blob, read from its rows as it is needed.</summary>
internal sealed class BlobOctets(Database database, long id, long length) : Octets
{
    public long Id => id;
    public override long Length => length;

    public override Stream Open() => new Reader(database, id, length);

    /// <summary>It holds no row open, so it needs no end: of one reader at a time.</summary>
    private sealed class Reader(Database database, long id, long length) : Stream
    {
        private byte[] _piece = [];
        private int _number = -1;
        private long _position;

        public override int Read(Span<byte> buffer)
        {
            if (_position >= length) return 0;
            if (PieceAt(_position) is var number && number != _number)
                Take(number, database.QueryNow(db => Rows(db, number).Select(b => b.Octets).FirstOrDefault()));
            return CopyTo(buffer);
        }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (_position >= length) return 0;
            if (PieceAt(_position) is var number && number != _number)
                Take(number, await database.Query(db =>
                    Rows(db, number).Select(b => b.Octets).FirstOrDefaultAsync(cancellationToken)));
            return CopyTo(buffer.Span);
        }

        private IQueryable<BlobRow> Rows(LinqToDB.Data.DataConnection db, int number) =>
            db.GetTable<BlobRow>().Where(b => b.Id == id && b.Piece == number);

        private static int PieceAt(long position) => (int)(position / Blobs.PieceBytes);

        private void Take(int number, byte[]? piece)
        {
            var expected = Math.Min(Blobs.PieceBytes, length - (long)number * Blobs.PieceBytes);
            if (piece?.Length != expected) throw database.Fault("a file of a mail is gone or damaged", null);
            (_piece, _number) = (piece, number);
        }

        private int CopyTo(Span<byte> buffer)
        {
            var left = _piece.AsSpan((int)(_position % Blobs.PieceBytes));
            if (left.Length > buffer.Length) left = left[..buffer.Length];
            left.CopyTo(buffer);
            _position += left.Length;
            return left.Length;
        }

        public override long Seek(long offset, SeekOrigin origin) => Position = offset + origin switch
        {
            SeekOrigin.Begin => 0,
            SeekOrigin.Current => _position,
            _ => length,
        };

        public override long Position
        {
            get => _position;
            set => _position = value >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(value));
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override bool CanRead => true;
        public override bool CanSeek => true;
        public override bool CanWrite => false;
        public override long Length => length;
        public override void Flush() { }
        public override void SetLength(long value) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}

using System.Collections.Immutable;
using AkkaMail.Core.Analytics;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Mail;
using AkkaMail.Core.Messages;
using AkkaMail.Core.Projecting;
using AkkaMail.Core.Replies;
using AkkaMail.Core.Story;
using AkkaMail.Storage.Databases;
using AkkaMail.Storage.Postgres;
using LinqToDB;
using LinqToDB.Async;
using LinqToDB.Data;

namespace AkkaMail.Storage.Messages;

/// <summary>
/// What lists, stories and counts are read from, as one generation of it has them: each is made from the journal. Any
/// number of partitions project at once: calls that wait share a transaction.
/// </summary>
public sealed partial class ReadModel : IAsyncDisposable
{
    /// <summary>As a <see cref="StoreException"/> calls it.</summary>
    public const string Name = "The read model";

    /// <summary>As the projection is called.</summary>
    public const string Messages = "messages";

    // As a rule one call a partition waits, so 4,096 is never met; beyond it a call fails at once.
    private static readonly WriterBounds Bounds = new(64, 4_096, long.MaxValue, long.MaxValue);
    private readonly Database _db;
    private readonly WriterLoop<ReadSession> _writer;
    private readonly MessageRetention? _retention;

    /// <param name="retention">Null: all is kept.</param>
    public ReadModel(Database database, MessageRetention? retention = null, TimeProvider? time = null)
    {
        _retention = retention;
        _db = database with { Store = Name, Durability = Durability.Process };
        _db.Migrate(MessageSchema.Schema);
        _db.Remake(MessageSchema.Version, MessageSchema.Tables, MessageSchema.Create);
        _writer = new("read-model-writer", _db, db => db is PostgresDatabase postgres
            ? new PostgresReadSession(postgres with { IsByIndex = true }, retention, time)
            : new SqliteReadSession(db, retention, time), Bounds);
    }

    public long Commits => _writer.Commits;

    /// <param name="generation">Its number among them.</param>
    /// <param name="throttle">While it is not read; null: it is.</param>
    public Projection ToProjection(int generation = 1, double? throttle = null) =>
        new(Messages, MessageSchema.Version, generation, Project, PlaceOf) { Throttle = throttle };

    /// <summary>
    /// Core's <c>Follow</c>. A gap in the numbers or a message never accepted throws.
    /// </summary>
    public Task Project(int partition, ImmutableArray<NumberedEvent> events, CancellationToken cancel) =>
        _writer.Run(session => session.Project(partition, events)).WaitAsync(cancel);

    /// <summary>Core's <c>PlaceOf</c>.</summary>
    public Task<long> PlaceOf(int partition, CancellationToken cancel) => _db.Query(db =>
        db.GetTable<OffsetRow>().Where(o => o.Partition == partition).Select(o => o.SequenceNr)
            .FirstOrDefaultAsync(cancel));

    public Task<MessageStory?> Find(MessageId id, CancellationToken cancel) => _db.Query(async db =>
    {
        var (submission, index, day) = (StoredForm.Bytes(id.Submission), id.Index, FirstDay(id));
        // One statement is one snapshot: a message must not be newer than its story, or older.
        var rows = await (
            from m in db.GetTable<MessageRow>()
            from l in db.GetTable<LineRow>().LeftJoin(
                l => l.Submission == m.Submission && l.Index == m.Index && l.Day >= day)
            where m.Submission == submission && m.Index == index
            orderby l.SequenceNr, l.Ordinal
            select new { Message = m, Line = (LineRow?)l }).ToListAsync(cancel);
        if (rows is not [var first, ..]) return null;
        var message = first.Message.ToView();
        return new MessageStory(message, [.. rows.Select(row => row.Line).OfType<LineRow>()
            .Select(line => LineDetail.Read(line, id, message.Facts.SentBy))]);
    });

    /// <summary>What the last attempt of each came to; those that have none are not in it.</summary>
    public Task<IReadOnlyDictionary<MessageId, StoryEvent>> LastOutcomes(
        IEnumerable<MessageId> ids, CancellationToken cancel) => _db.Query(async db =>
    {
        var found = new Dictionary<MessageId, StoryEvent>();
        foreach (var id in ids)
        {
            var (submission, index, day) = (StoredForm.Bytes(id.Submission), id.Index, FirstDay(id));
            var rows = await db.GetTable<LineRow>()
                .Where(l => l.Submission == submission && l.Index == index && l.Day >= day)
                .OrderByDescending(l => l.SequenceNr).ThenByDescending(l => l.Ordinal).Take(LinesBehindOutcome)
                .ToListAsync(cancel);
            if (rows.Select(row => LineDetail.Read(row, id, default))
                .FirstOrDefault(line => line.Outcome is not null) is { } last)
                found[id] = last;
        }
        return (IReadOnlyDictionary<MessageId, StoryEvent>)found;
    });

    /// <summary>
    /// No line of it is of a day before: so those partitions need not be looked into. A day less, for an edge whose clock is
    /// behind.
    /// </summary>
    private static int FirstDay(MessageId id) => MessageRetention.DayOf(id.Submission.CreatedAt) - 1;

    /// <summary>A report about one recipient of a mail may come while another try is due.</summary>
    private const int LinesBehindOutcome = 3;

    /// <summary>
    /// What <paramref name="find"/> finds, asked because of an event that the model has had. Null only when it really
    /// is not there: while the model is made anew that is a <see cref="StoreException"/>, and the asker comes again.
    /// </summary>
    public async Task<T?> Had<T>(
        int partition, long number, Func<Task<T?>> find, CancellationToken cancel) where T : class
    {
        if (await find() is { } found) return found;
        if (await PlaceOf(partition, cancel) < number) throw _db.Fault($"partition {partition} is made anew", null);
        return await find();   // It may have caught up in between.
    }

    /// <summary>A cursor that no page gave is an <see cref="ArgumentException"/>: the caller's 422.</summary>
    public Task<MessagePage> List(MessageFilter filter, CancellationToken cancel)
    {
        if (filter.Cursor is { } cursor && !Listing.TryReadCursor(cursor, out _, out _))
            throw new ArgumentException("is not a cursor of this list", nameof(filter));
        return _db.Query(async db =>
        {
            var rows = await Listing.Query(db, filter).ToListAsync(cancel);
            var next = rows.Count > filter.Rows ? Listing.Cursor(rows[filter.Rows - 1]) : null;
            return new MessagePage([.. rows.Take(filter.Rows).Select(row => row.ToView())], next);
        });
    }

    public Task<IReadOnlyList<StreamCounters>> Counters(CancellationToken cancel) => _db.Query(async db =>
    {
        // Each ledger counts its own.
        var rows = await db.GetTable<CounterRow>().GroupBy(c => new { c.Tenant, c.Stream, c.Status })
            .Select(g => new CounterRow
            {
                Tenant = g.Key.Tenant,
                Stream = g.Key.Stream,
                Status = g.Key.Status,
                Messages = g.Sum(c => c.Messages),
            }).ToListAsync(cancel);
        IReadOnlyList<StreamCounters> counters =
        [
            .. rows.GroupBy(row => (row.Tenant, row.Stream)).Select(stream => new StreamCounters(
                stream.Key.Tenant, stream.Key.Stream, stream.Where(row => row.Status == 0).Sum(row => row.Messages),
                stream.Where(row => row is { Status: > 0 and < CounterRow.Amended, Messages: not 0 })
                    .ToDictionary(row => (MessageStatus)row.Status, row => row.Messages))
            {
                Amended = stream.Where(row => row.Status > CounterRow.Amended)
                    .ToDictionary(row => (AmendmentKind)(row.Status - CounterRow.Amended), row => row.Messages),
            }),
        ];
        return counters;
    });

    /// <summary>Whose a message is and to whom; null when the model does not have it.</summary>
    public Task<ReadRecipient?> FindRecipient(MessageId id, CancellationToken cancel) => _db.Query(async db =>
    {
        var (submission, index) = (StoredForm.Bytes(id.Submission), id.Index);
        var row = await db.GetTable<MessageRow>().Where(m => m.Submission == submission && m.Index == index)
            .Select(m => new { m.Tenant, m.Stream, m.Address, m.Envelope }).FirstOrDefaultAsync(cancel);
        return row is null ? null : new ReadRecipient(row.Tenant, row.Stream, Hash128.Read(row.Address), row.Envelope);
    });

    /// <summary>Which messages of a submission were suppressed when it was accepted, by their index.</summary>
    public Task<IReadOnlySet<int>> SuppressedAtOnce(
        SubmissionId id, CancellationToken cancel) => _db.Query(async db =>
    {
        var submission = StoredForm.Bytes(id);
        return (IReadOnlySet<int>)(await db.GetTable<MessageRow>().Where(m => m.Submission == submission
                && m.Status == (byte)MessageStatus.Suppressed && m.Attempts == 0)
            .Select(m => m.Index).ToListAsync(cancel)).ToHashSet();
    });

    /// <summary>
    /// When a tenant's mail was last delivered to an address, and did not come back; null: never, as far as the model
    /// knows.
    /// </summary>
    public Task<DateTimeOffset?> LastDelivered(
        string tenant, Hash128 address, CancellationToken cancel) => _db.Query(async db =>
    {
        var bytes = address.ToBytes();
        return StoredForm.Time(await db.GetTable<MessageRow>()
            .Where(m => m.Address == bytes && m.Tenant == tenant && m.Status == (byte)MessageStatus.Delivered
                && !db.GetTable<AmendmentRow>().Any(a => a.Submission == m.Submission && a.Index == m.Index
                    && a.Kind == (byte)AmendmentKind.LateBounce))
            .MaxAsync(m => (long?)m.UpdatedAt, cancel));
    });

    /// <summary>
    /// A page of the addresses from <paramref name="first"/> on (by their hash): those that a tenant has delivered at
    /// least <paramref name="deliveredMin"/> mails to since <paramref name="since"/>. <see cref="MailedPage.Next"/> is
    /// where the next page begins, null at the end.
    /// </summary>
    public Task<MailedPage> Mailed(
        string tenant, DateTimeOffset since, int deliveredMin, Hash128 first, CancellationToken cancel) => _db.Query(async db =>
    {
        var from = first.ToBytes();
        var end = (await db.QueryToListAsync<byte[]>(_db.Text(Listing.MailedEnd(_db.Table)), cancel, new DataParameter("f", from),
            new DataParameter("n", MailedPage.MessagesMax))).FirstOrDefault();
        // One address with more messages than a page is a page of its own.
        Hash128? next = end is null ? null : Hash128.Read(end) is var e && e == first ? first.Next() : Hash128.Read(end);
        var found = await db.QueryToListAsync(
            row => new MailedAddress(Hash128.Read((byte[])row.GetValue(0)), row.GetInt64(1), StoredForm.Time(row.GetInt64(2)),
                StoredForm.Time(row.GetInt64(3)), row.GetInt64(4), row.GetInt32(5)),
            _db.Text(Listing.Mailed(_db.Table)), cancel,
            new DataParameter("f", from), new DataParameter("e", next?.ToBytes() ?? MailedPage.BehindAll),
            new DataParameter("t", tenant), new DataParameter("s", (int)MessageStatus.Delivered),
            new DataParameter("at", since.UtcTicks), new DataParameter("n", deliveredMin));
        return new MailedPage([.. found], next);
    });

    /// <summary>
    /// What came of each tenant's and sending domain's attempts, by day, from <paramref name="from"/> on;
    /// <paramref name="tenant"/> null: of all.
    /// </summary>
    public Task<IReadOnlyCollection<DailyOutcomes>> Outcomes(
        DateOnly from, string? tenant, CancellationToken cancel) => _db.Query(async db =>
    {
        var rows = await db.GetTable<OutcomeRow>()
            .Where(o => o.Day >= from.DayNumber && (tenant == null || o.Tenant == tenant)
                && (o.Class < OutcomeRow.Marks || o.Class == OutcomeRow.Of(AmendmentKind.Complaint)))
            .GroupBy(o => new { o.Day, o.Tenant, o.Stream, o.Sender, o.Class })
            .Select(g => new OutcomeRow
            {
                Day = g.Key.Day,
                Tenant = g.Key.Tenant,
                Stream = g.Key.Stream,
                Sender = g.Key.Sender,
                Class = g.Key.Class,
                Attempts = g.Sum(o => o.Attempts),
            }).ToListAsync(cancel);
        return (IReadOnlyCollection<DailyOutcomes>)[.. rows.GroupBy(r => (r.Day, r.Tenant, r.Stream, r.Sender))
            .Select(day => new DailyOutcomes(
                day.Key.Tenant, day.Key.Stream, day.Key.Sender, DateOnly.FromDayNumber(day.Key.Day),
                OutcomeCounts.Of([.. day.Where(r => r.Class < OutcomeRow.Marks).Select(
                    r => ((ReplyClass)r.Class, (int)Math.Min(int.MaxValue, r.Attempts)))]))
            {
                Complaints = (int)day.Where(r => r.Class > OutcomeRow.Marks).Sum(r => r.Attempts),
            })];
    });

    /// <summary>
    /// Mails of a domain and those below it that were delivered since a day, how many of them over TLS, and complaints;
    /// these are null as long as nobody's have ever come in: then no news is no good news.
    /// </summary>
    public Task<(long All, long ByTls, long? Complaints)> Delivered(
        string domain, DateOnly from, CancellationToken cancel) => _db.Query(async db =>
    {
        var complaint = OutcomeRow.Of(AmendmentKind.Complaint);
        var rows = await db.GetTable<OutcomeRow>()
            .Where(o => o.Day >= from.DayNumber && (o.Sender == domain || o.Sender.EndsWith("." + domain))
                && (o.Class == (byte)ReplyClass.Accepted || o.Class == OutcomeRow.ByTls || o.Class == complaint))
            .GroupBy(o => o.Class).Select(g => new { g.Key, Attempts = g.Sum(o => o.Attempts) }).ToListAsync(cancel);
        long Of(byte c) => rows.Where(r => r.Key == c).Sum(r => r.Attempts);
        var isTold = await db.GetTable<OutcomeRow>().AnyAsync(o => o.Class == complaint, cancel);
        return (Of((byte)ReplyClass.Accepted), Of(OutcomeRow.ByTls), isTold ? Of(complaint) : (long?)null);
    });

    public Task<long> PruneOutcomes(DateOnly before, CancellationToken cancel) =>
        _writer.Run(session => session.PruneOutcomes(before.DayNumber)).WaitAsync(cancel);

    /// <summary>How far each partition is projected.</summary>
    public Task<IReadOnlyDictionary<int, long>> Offsets(CancellationToken cancel) => _db.Query(async db =>
        (IReadOnlyDictionary<int, long>)(await db.GetTable<OffsetRow>().ToListAsync(cancel))
            .ToDictionary(row => row.Partition, row => row.SequenceNr));

    public async ValueTask DisposeAsync()
    {
        await _writer.DisposeAsync();
        _db.CloseReaders();
    }

    /// <summary>How a list would be run: the tests hold it to its indexes.</summary>
    internal async Task<IReadOnlyList<string>> Explain(MessageFilter filter)
    {
        var query = _db.QueryNow(db => Listing.Query(db, filter).ToSqlQuery());
        return await _db.Explain(query.Sql, [.. query.Parameters]);
    }
}

/// <summary>Whose a message is, and the keyed hash of its recipient.</summary>
public sealed record ReadRecipient(string Tenant, string Stream, Hash128 Address, long Envelope);

using AkkaMail.Core.Ids;
using AkkaMail.Core.Messages;
using AkkaMail.Core.Replies;
using AkkaMail.Storage.Databases;
using AkkaMail.Storage.Messages;
using LinqToDB.Data;
using static AkkaMail.Storage.Tests.Messages.Histories;

namespace AkkaMail.Storage.Tests.Postgres;

/// <summary>What is asked of each mail, or by people, finds its rows by an index: 60,000 messages in three weeks.</summary>
public sealed class PlanTests : IAsyncLifetime
{
    private readonly PostgresPlace _place = new();
    private ReadModel _model = null!;

    public async Task InitializeAsync()
    {
        _model = new(_place.Database("read.db"));
        foreach (var week in (int[])[0, 7, 14])
        {
            var submission = Accepted(week * 86_400, partition: week, tags: ["news"]);
            await _model.Project(week, Numbered(1, Accept(submission), Amended(Amendment(new(submission.Id, 0)))), default);
        }
        // Each time the same row again, with another id and address.
        _place.Execute("read.db", """
            CREATE TEMP TABLE seed AS SELECT * FROM messages;
            INSERT INTO messages SELECT overlay(m.submission placing decode(lpad(to_hex(n), 6, '0'), 'hex') from 14), idx,
                CASE WHEN n % 50 = 0 THEN 6 ELSE 5 END, CASE WHEN n % 3 = 0 THEN 'acme' ELSE 'zeta' || n % 40 END,
                CASE WHEN n % 4 = 0 THEN 'broadcast' ELSE stream END, kind, sender, tags, send_at, expires_at, envelope, domain,
                site, decode(md5(n::text), 'hex'), accepted_at, updated_at, due_at, attempts, door, handed_by, bytes, trace,
                engaged, partition, CASE WHEN n % 5 = 0 THEN 'google' ELSE '~other' END, source,
                CASE WHEN n % 50 = 0 THEN 1 + n % 3 END, flags, sequence, batch
            FROM seed m, generate_series(1, 20000) n;
            INSERT INTO tags SELECT tenant, CASE WHEN idx % 2 = 0 THEN 'news' ELSE 'old' END, submission FROM messages
                WHERE get_byte(submission, 15) % 10 = 0 ON CONFLICT DO NOTHING;
            INSERT INTO lines SELECT submission, idx, 1, 1, 'x', 1, NULL, NULL, (SELECT min(day) FROM lines), tenant,
                partition, 0, 1, 5 FROM messages ON CONFLICT DO NOTHING;
            ANALYZE messages; ANALYZE tags; ANALYZE lines
            """);
    }

    public async Task DisposeAsync()
    {
        await _model.DisposeAsync();
        _place.Dispose();
    }

    public static TheoryData<MessageFilter, string> Lists => new()
    {
        { new("acme"), "Index Scan Backward" },   // A third of all: by time alone it is found as soon.
        { new("zeta7"), "tenant" },
        { new("acme", MessageStatus.Bounced), "tenant_status_submission_idx" },
        { new("acme", Recipient: Hash("r")), "address_submission_idx" },
        { new(Recipient: Hash("r")), "address_submission_idx" },
        { new("acme") { Reason = BounceReason.UnknownUser }, "tenant_reason_submission_idx" },
        { new("acme", Tag: "news"), "tags_" },
        { new(), "_pkey" },
    };

    [Theory]
    [MemberData(nameof(Lists))]
    public async Task A_list_walks_an_index_and_never_sorts_all(MessageFilter filter, string index)
    {
        var plan = string.Join('\n', await _model.Explain(filter));

        Assert.Contains(index, plan, StringComparison.Ordinal);
        Assert.DoesNotContain("Seq Scan on messages", plan, StringComparison.Ordinal);
        Assert.DoesNotMatch(@"(?m)^\s*(->  )?Sort", plan);
    }

    [Theory]
    [InlineData("SELECT * FROM {messages} WHERE submission = @a AND idx = 0")]
    [InlineData("SELECT * FROM {lines} WHERE submission = @a AND idx = 0 AND day >= 739000 ORDER BY seq, ordinal")]
    [InlineData("SELECT report FROM {amendments} WHERE submission = @a AND idx = 0")]
    [InlineData("SELECT * FROM {lines} WHERE tenant = 'acme' AND partition = 0 AND (seq, place) > (1, 0) ORDER BY seq, place LIMIT 10")]
    public async Task What_is_looked_up_is_found_by_its_key(string sql)
    {
        var database = _place.Database("read.db");
        foreach (var table in MessageSchema.Tables)
            sql = sql.Replace($"{{{table}}}", database.Table(table), StringComparison.Ordinal);

        var plan = string.Join('\n', await database.Explain(sql, new DataParameter("a", StoredForm.Bytes(Submission(0)))));

        Assert.Contains("Index", plan, StringComparison.Ordinal);
        Assert.DoesNotMatch("Seq Scan on (messages|lines)", plan);
    }
}

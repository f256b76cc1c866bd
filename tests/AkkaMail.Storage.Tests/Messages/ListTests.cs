using AkkaMail.Core.Ids;
using AkkaMail.Core.Messages;
using AkkaMail.Core.Replies;
using AkkaMail.Core.Story;
using AkkaMail.Storage.Messages;
using static AkkaMail.Storage.Tests.Messages.Histories;

namespace AkkaMail.Storage.Tests.Messages;

public abstract class ListTests : StoreTests, IAsyncLifetime
{
    protected static readonly CancellationToken None = CancellationToken.None;
    protected ReadModel Model { get; }

    protected ListTests(StorePlace place) : base(place) => Model = new(Place.Database("read.db"));

    /// <summary>
    /// 60 submissions of two tenants, two recipients each: every third tagged, every fifth delivered.
    /// </summary>
    public async Task InitializeAsync()
    {
        AcceptedSubmission[] all = [.. Enumerable.Range(0, 60).Select(i => Accepted(
            i, 2, i % 2 == 0 ? "acme" : "zeta", i % 4 < 2 ? "transactional" : "broadcast",
            i % 3 == 0 ? ["news", "may"] : null))];
        MessageId[] delivered = [.. all.Where((_, i) => i % 5 == 0).Select(s => new MessageId(s.Id, 0))];
        var ends = Concluded(MessageStatus.Delivered, delivered);
        await Model.Project(0, Numbered(1, Accept(all), Started(delivered), ends), None);
    }

    public Task DisposeAsync() => Model.DisposeAsync().AsTask();

    protected static readonly DateTimeOffset Ten = Noon.AddSeconds(10), Twenty = Noon.AddSeconds(20);

    public static TheoryData<MessageFilter, int> Filters => new()
    {
        { new(Limit: 500), 120 },
        { new("acme", Limit: 500), 60 },
        { new("nobody"), 0 },
        { new("acme", MessageStatus.Delivered), 6 },
        { new("acme", MessageStatus.Accepted, Limit: 500), 54 },
        { new("acme", Stream: "broadcast"), 30 },
        { new("acme", Tag: "news"), 20 },
        { new(Tag: "may", Limit: 500), 40 },
        { new("acme", Tag: "nothing"), 0 },
        { new(Recipient: Hash("r7-1")), 1 },
        { new("zeta", Recipient: Hash("r7-1")), 1 },
        { new("acme", Recipient: Hash("r7-1")), 0 },
        { new(Limit: 500) { Domain = "site1" }, 60 },
        { new("acme", MessageStatus.Delivered) { Domain = "site0" }, 6 },
        { new("acme", Tag: "news") { Domain = "site2" }, 0 },
        { new(Limit: 500) { Provider = "google" }, 12 },
        { new("acme", Limit: 500) { Provider = Via.Waiting }, 54 },
        { new("acme") { Source = "192.0.2.9" }, 6 },
        { new("acme") { Sender = "acme.test" }, 0 },
        { new("acme") { Reason = BounceReason.UnknownUser }, 0 },
        { new(From: Ten, To: Twenty), 20 },
        { new("acme", MessageStatus.Delivered, From: Ten, To: Twenty), 1 },
        { new("acme", MessageStatus.Delivered, Tag: "news", Stream: "broadcast"), 1 },
        { new(Limit: 7), 7 },
        { new(Limit: 0), 1 },
    };

    [Theory]
    [MemberData(nameof(Filters))]
    public async Task Filters_find(MessageFilter filter, int count)
    {
        var page = await Model.List(filter, None);

        Assert.Equal(count, page.Messages.Count);
    }

    [Theory]
    [MemberData(nameof(Filters))]
    public async Task Pages_of_any_size_make_the_whole_newest_first(MessageFilter filter, int _)
    {
        var whole = (await Model.List(filter with { Limit = 500 }, None)).Messages.Select(m => m.Id).ToList();
        Assert.Equal(whole.OrderByDescending(id => id.Submission).ThenByDescending(id => id.Index), whole);

        foreach (var size in new[] { 3, 10 })
        {
            var paged = new List<MessageId>();
            string? cursor = null;
            do
            {
                var page = await Model.List(filter with { Limit = size, Cursor = cursor }, None);
                paged.AddRange(page.Messages.Select(m => m.Id));
                cursor = page.Next;
            }
            while (cursor is not null);
            Assert.Equal(whole, paged);
        }
    }

    [Theory]
    [InlineData("x")]
    [InlineData("")]
    [InlineData("!!!!!!!!!!!!!!!!!!!!!!!!!!!")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    public async Task A_cursor_no_page_gave_is_refused(string cursor) =>
        await Assert.ThrowsAsync<ArgumentException>(() => Model.List(new(Cursor: cursor), None));
}

public sealed class ListOnSqlite() : ListTests(new SqlitePlace())
{
    public static TheoryData<MessageFilter, string> Indexes => new()
    {
        { new("acme"), "messages_tenant (tenant=?)" },
        { new("acme", MessageStatus.Bounced), "messages_status (tenant=? AND status=?)" },
        { new("acme", Stream: "broadcast"), "messages_stream (tenant=? AND stream=?)" },
        { new("acme", Recipient: Hash("r")), "messages_address (address=?)" },
        { new(Recipient: Hash("r")), "messages_address (address=?)" },
        { new("acme", MessageStatus.Bounced, Hash("r"), Stream: "broadcast"), "messages_address (address=?)" },
        { new("acme") { Provider = "google" }, "messages_provider (tenant=? AND provider=?)" },
        { new("acme") { Reason = BounceReason.UnknownUser }, "messages_reason (tenant=? AND reason=?)" },
        { new("acme", MessageStatus.Bounced) { Reason = BounceReason.UnknownUser, Provider = "google" }, "messages_reason (tenant=? AND reason=?)" },
        { new("acme") { Sender = "acme.test", Source = "ip1" }, "messages_tenant (tenant=?)" },
        { new("acme", Tag: "news"), "USING PRIMARY KEY (tenant=? AND tag=?)" },
        { new("acme", Tag: "news"), "USING PRIMARY KEY (submission=?)" },
    };

    [Theory]
    [MemberData(nameof(Indexes))]
    public async Task A_list_walks_an_index_and_never_sorts(MessageFilter filter, string index)
    {
        var plan = string.Join('\n', await Model.Explain(filter));

        Assert.Contains(index, plan, StringComparison.Ordinal);
        Assert.DoesNotContain("TEMP B-TREE", plan, StringComparison.Ordinal);
        Assert.DoesNotContain("SCAN", plan, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_later_page_and_a_span_of_time_start_inside_the_index()
    {
        var next = (await Model.List(new("acme", Limit: 2), None)).Next;

        var page = string.Join('\n', await Model.Explain(new("acme", Cursor: next)));
        var tagged = string.Join('\n', await Model.Explain(new("acme", Tag: "news", Cursor: next)));
        var span = string.Join('\n', await Model.Explain(new(From: Ten, To: Twenty)));

        Assert.Contains("messages_tenant (tenant=? AND (submission,idx)<(?,?))", page, StringComparison.Ordinal);
        Assert.Contains("PRIMARY KEY (tenant=? AND tag=? AND submission<?)", tagged, StringComparison.Ordinal);
        Assert.Contains("PRIMARY KEY (submission>? AND submission<?)", span, StringComparison.Ordinal);
        Assert.DoesNotContain("TEMP B-TREE", page + tagged + span, StringComparison.Ordinal);
    }
}

public sealed class ListOnPostgres() : ListTests(new PostgresPlace());

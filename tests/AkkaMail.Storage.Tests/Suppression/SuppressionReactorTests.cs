using System.Collections.Immutable;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Mail;
using AkkaMail.Core.Messages;
using AkkaMail.Core.Projecting;
using AkkaMail.Core.Replies;
using AkkaMail.Core.Suppression;
using AkkaMail.Storage.Content;
using AkkaMail.Storage.Messages;
using AkkaMail.Storage.Suppression;
using static AkkaMail.Storage.Tests.Messages.Histories;

namespace AkkaMail.Storage.Tests.Suppression;

/// <summary>What comes back about a message, and whom it suppresses.</summary>
public abstract class SuppressionReactorTests : StoreTests, IAsyncLifetime
{
    private static readonly MessageId Message = new(Submission(1), 0);
    private readonly ReadModel _read;
    private readonly ContentStore _content;
    private readonly SuppressionStore _suppressions;
    private readonly Reactor _reactor;

    protected SuppressionReactorTests(StorePlace place) : base(place)
    {
        _read = new(Place.Database("read.db"));
        _content = new(Place.Database("content.db"), new());
        _suppressions = new(Place.Database("suppressions.db"));
        _reactor = new SuppressionReactor(() => _read, _content, _suppressions).ToReactor();
    }

    public Task InitializeAsync() => Bring(Numbered(1,
        Accept(Accepted(1, stream: "broadcast")),
        Started(Message), Concluded(MessageStatus.Delivered, Message)));

    public async Task DisposeAsync()
    {
        await _read.DisposeAsync();
        await _content.DisposeAsync();
        await _suppressions.DisposeAsync();
    }

    /// <summary>As in the server: the read model has it first, then the reactor hears of what concerns it.</summary>
    private async Task Bring(ImmutableArray<NumberedEvent> events)
    {
        await _read.Project(0, events, default);
        if (events.Any(e => _reactor.Concerns(e.Event))) await _reactor.Follow(0, events, default);
    }

    private async Task<SuppressionEntry[]> Entries() => [.. await _suppressions.List(new(), null, 10, default)];

    private static Amendment Late(BounceReason reason, MessageId? message = null) => Amendment(message ?? Message) with
    {
        Report = Hash($"{reason}"),
        Verdict = new(reason, false, null, "rule", "v1"),
    };

    [Fact]
    public async Task An_unknown_user_that_is_told_late_is_suppressed_once_with_the_words_behind_it()
    {
        await Bring(Numbered(4, Amended(Amendment(Message)), Amended(Amendment(Message))));

        var entry = Assert.Single(await Entries()).What;
        Assert.Equal((SuppressionOrigin.HardBounce, SuppressionScope.Tenant, "acme", Message.ToString(), "550 5.1.1 no ✓"),
            (entry.Origin, entry.Key.Scope, entry.Key.Tenant, entry.Why.Cause, entry.Why.Reply));
        Assert.Equal(("unknown_user", "unknown-user", "v1", "ip1", "site0"),
            (entry.Why.Reason, entry.Why.Rule, entry.Why.Version, entry.Why.Source, entry.Why.Site));
    }

    [Theory]
    [InlineData(AmendmentKind.Complaint, SuppressionOrigin.Complaint, SuppressionScope.Tenant)]
    [InlineData(AmendmentKind.OptOut, SuppressionOrigin.Unsubscribe, SuppressionScope.Stream)]
    public async Task Who_complains_gets_nothing_of_the_tenant_and_who_opts_out_nothing_of_the_stream(
        AmendmentKind kind, SuppressionOrigin origin, SuppressionScope scope)
    {
        await Bring(Numbered(4, Amended(Amendment(Message, kind) with { Reply = new(0, null, "") })));

        var entry = Assert.Single(await Entries()).What;
        Assert.Equal((origin, scope), (entry.Origin, entry.Key.Scope));
        Assert.Null(entry.Why.Reply);
    }

    [Theory]
    [InlineData(BounceReason.Blocked)]
    [InlineData(BounceReason.BadReputation)]
    [InlineData(BounceReason.NotAuthenticated)]
    [InlineData(BounceReason.Spam)]
    [InlineData(BounceReason.SystemFull)]
    [InlineData(BounceReason.Unclear)]
    public async Task A_fault_of_ours_or_of_the_receiver_suppresses_nobody(BounceReason reason)
    {
        await Bring(Numbered(4, Amended(Late(reason))));

        Assert.Empty(await Entries());
    }

    [Fact]
    public async Task Full_mailboxes_that_are_told_late_count_as_those_told_at_once()
    {
        var one = Hash("one");
        for (var i = 0; i < 3; i++)
        {
            Assert.Empty(await Entries());
            // Its delivery is no sign of life, since it came back.
            var (day, id) = (Noon.AddDays(i * 2), new MessageId(Submission(4 + i), 0));
            await Bring(Numbered(4 + i * 4,
                Accept(Accepted(4 + i) with { Recipients = [new("a.test", one)] }), Started(id),
                Concluded(MessageStatus.Delivered, id) with { At = day },
                new MessagesAmended(day.AddHours(1), [Late(BounceReason.MailboxFull, id)])));
        }

        Assert.Equal(SuppressionOrigin.SoftBounces, Assert.Single(await Entries()).What.Origin);
    }

    [Fact]
    public async Task While_the_read_model_is_made_anew_nothing_is_passed_over()
    {
        var (before, bounce) = (Numbered(1, Accept(Accepted(1, stream: "broadcast")), Started(Message),
            Concluded(MessageStatus.Delivered, Message)), Numbered(4, Amended(Amendment(Message))));
        await _read.Project(0, bounce, default);
        Place.EmptyReadModel();

        await Assert.ThrowsAsync<StoreException>(() => _reactor.Follow(0, bounce, default));
        Assert.Equal(0, await _reactor.PlaceOf(0, default));

        await _read.Project(0, before, default);
        await _read.Project(0, bounce, default);
        await _reactor.Follow(0, bounce, default);
        Assert.Single(await Entries());
    }

    [Fact]
    public async Task A_report_about_a_message_that_never_was_is_passed_over()
    {
        await Bring(Numbered(4, Amended(Amendment(new(Submission(9), 0)))));

        Assert.Empty(await Entries());
        Assert.Equal(4, await _reactor.PlaceOf(0, default));
    }

    [Fact]
    public async Task One_message_that_is_told_to_have_failed_thrice_counts_once()
    {
        for (var i = 0; i < 3; i++)
            await Bring(Numbered(4 + i, new MessagesAmended(Noon.AddDays(i * 2),
                [Late(BounceReason.MailboxFull) with { Report = Hash($"words {i}") }])));

        Assert.Empty(await Entries());
    }

    [Fact]
    public async Task A_dead_member_of_a_list_does_not_end_the_list()
    {
        await Bring(Numbered(4, Amended(Late(BounceReason.UnknownUser) with { IsOfAnother = true })));

        Assert.Empty(await Entries());
    }

    [Fact]
    public async Task Who_has_been_lifted_is_not_suppressed_again_when_the_read_model_is_made_anew()
    {
        ImmutableArray<NumberedEvent> all =
        [
            .. Numbered(1, Accept(Accepted(1, stream: "broadcast")), Started(Message),
                Concluded(MessageStatus.Delivered, Message)),
            .. Numbered(4, Amended(Amendment(Message))),
        ];
        await Bring(all[3..]);
        await _suppressions.Lift([Assert.Single(await Entries()).Id], "admin", null, null, Noon, default);

        Place.EmptyReadModel();
        await Bring(all);   // As if somebody had set the reactor back: its own store knows better.

        Assert.Empty(await Entries());
        Assert.Equal(4, await _reactor.PlaceOf(0, default));
    }
}

public sealed class SuppressionReactorOnSqlite() : SuppressionReactorTests(new SqlitePlace());

public sealed class SuppressionReactorOnPostgres() : SuppressionReactorTests(new PostgresPlace());

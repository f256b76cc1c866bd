using AkkaMail.Core.Ids;
using AkkaMail.Core.Messages;
using AkkaMail.Core.Replies;
using AkkaMail.Core.Suppression;
using AkkaMail.Storage.Content;
using AkkaMail.Storage.Messages;
using AkkaMail.Storage.Suppression;
using static AkkaMail.Storage.Tests.Messages.Histories;

namespace AkkaMail.Storage.Tests.Suppression;

/// <summary>What comes back about a message, and whom it suppresses.</summary>
public sealed class SuppressionFollowerTests : IAsyncLifetime
{
    private static readonly MessageId Message = new(Submission(1), 0);
    private readonly TempDirectory _directory = new();
    private readonly ReadModel _read;
    private readonly ContentStore _content;
    private readonly SuppressionStore _suppressions;
    private readonly SuppressionFollower _follower;

    public SuppressionFollowerTests()
    {
        _read = new(_directory.Database("read.db"));
        _content = new(_directory.Database("content.db"), new());
        _suppressions = new(_directory.Database("suppressions.db"));
        _follower = new(_read, _content, _suppressions);
    }

    public Task InitializeAsync() => _follower.Project(0, Numbered(1,
        Accept(Accepted(1, stream: "broadcast")),
        Started(Message), Concluded(MessageStatus.Delivered, Message)), default);

    public async Task DisposeAsync()
    {
        await _read.DisposeAsync();
        await _content.DisposeAsync();
        await _suppressions.DisposeAsync();
        _directory.Dispose();
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
        await _follower.Project(0, Numbered(4, Amended(Amendment(Message)), Amended(Amendment(Message))), default);

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
        await _follower.Project(0, Numbered(4, Amended(Amendment(Message, kind) with { Reply = new(0, null, "") })), default);

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
        await _follower.Project(0, Numbered(4, Amended(Late(reason))), default);

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
            await _follower.Project(0, Numbered(4 + i * 4,
                Accept(Accepted(4 + i) with { Recipients = [new("a.test", one)] }), Started(id),
                Concluded(MessageStatus.Delivered, id) with { At = day },
                new MessagesAmended(day.AddHours(1), [Late(BounceReason.MailboxFull, id)])), default);
        }

        Assert.Equal(SuppressionOrigin.SoftBounces, Assert.Single(await Entries()).What.Origin);
    }

    [Fact]
    public async Task One_message_that_is_told_to_have_failed_thrice_counts_once()
    {
        for (var i = 0; i < 3; i++)
            await _follower.Project(0, Numbered(4 + i, new MessagesAmended(Noon.AddDays(i * 2),
                [Late(BounceReason.MailboxFull) with { Report = Hash($"words {i}") }])), default);

        Assert.Empty(await Entries());
    }

    [Fact]
    public async Task A_dead_member_of_a_list_does_not_end_the_list()
    {
        await _follower.Project(0, Numbered(4, Amended(Late(BounceReason.UnknownUser) with { IsOfAnother = true })), default);

        Assert.Empty(await Entries());
    }
}

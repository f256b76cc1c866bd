using AkkaMail.Core.Ids;
using AkkaMail.Core.Messages;
using AkkaMail.Storage.Databases;
using AkkaMail.Storage.Messages;
using static AkkaMail.Storage.Tests.Messages.Histories;

namespace AkkaMail.Storage.Tests.Messages;

/// <summary>The read model is emptied, or of another program: what comes again, and what has stayed.</summary>
public sealed class RemadeModelTests : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly SqlitePlace _directory = new();
    private readonly ReadModel _model;

    public RemadeModelTests() => _model = new(_directory.Database("read.db"));

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _model.DisposeAsync();
        _directory.Dispose();
    }

    [Fact]
    public async Task What_another_version_has_made_is_thrown_away_and_keys_stay()
    {
        var key = Hash("key");
        await using (var model = new ReadModel(_directory.Database("other.db")))
            await model.Project(0, Numbered(1, Accept(Accepted(1) with { Key = new(key, Hash("request"), 1) })), None);
        using (var connection = _directory.Database("other.db").OpenWriter())
            connection.Run(
                "UPDATE made SET version = version + 1; ALTER TABLE messages ADD COLUMN later");

        await using var again = new ReadModel(_directory.Database("other.db"));

        Assert.Equal(0, await again.PlaceOf(0, None));   // So the journal is read from its start.
        Assert.Empty(await again.Counters(None));
        Assert.Equal(Submission(1), (await again.FindKey(key, None))!.Submission);
    }

    [Fact]
    public async Task A_rebuild_equals_what_was_before_and_keys_survive_it()
    {
        var id = new MessageId(Submission(1), 0);
        var key = Hash("key");
        var journal = Numbered(1, Accept(Accepted(1, tags: ["a"], key: key), Accepted(2, 3)), Started(id),
            Concluded(MessageStatus.Delivered, id),
            Ended(MessageStatus.Expired, Noon.AddDays(3), new MessageId(Submission(2), 1)));
        await _model.Project(0, journal, None);
        var before = await Everything(_model);

        await _model.Empty(None);
        Assert.Null(await _model.Find(id, None));
        Assert.Empty(await _model.Counters(None));
        Assert.Equal(new(Submission(1), Hash("request 1")), await _model.FindKey(key, None));
        foreach (var e in journal) await _model.Project(0, [e], None);

        Assert.Equal(before, await Everything(_model));
    }

    [Fact]
    public async Task A_key_is_known_for_24_hours_and_an_older_use_never_replaces_a_newer()
    {
        var key = Hash("key");
        var newer = new SubmissionsAccepted(Noon.AddDays(2), [Accepted(2, key: key)]);
        var journal = Numbered(1, Accept(Accepted(1, key: key)), newer);
        await _model.Project(0, journal, None);
        Assert.Equal(new(Submission(2), Hash("request 2")), await _model.FindKey(key, None));

        await _model.Empty(None);
        await _model.Project(0, journal[..1], None);

        Assert.Equal(Submission(2), (await _model.FindKey(key, None))!.Submission);
        Assert.Equal(0, await _model.PruneKeys(Noon.AddDays(3), None));
        Assert.Equal(1, await _model.PruneKeys(Noon.AddDays(3).AddSeconds(1), None));
        Assert.Null(await _model.FindKey(key, None));
    }
}

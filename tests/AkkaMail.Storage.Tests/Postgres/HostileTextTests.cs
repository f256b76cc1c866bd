using AkkaMail.Core.Ids;
using AkkaMail.Core.Messages;
using AkkaMail.Core.Replies;
using AkkaMail.Storage.Databases;
using AkkaMail.Storage.Messages;
using AkkaMail.Storage.Tests.Sqlite;
using static AkkaMail.Storage.Tests.Messages.Histories;

namespace AkkaMail.Storage.Tests.Postgres;

/// <summary>
/// A NUL, half a letter and one of four octets, in every column of text that there is: stored and shown, never a reason to
/// stand still.
/// </summary>
public sealed class HostileTextTests : IDisposable
{
    private const string Evil = "a\0b\uD83Dc🎉", Mended = "a\uFFFDb\uFFFDc🎉";
    private readonly PostgresPlace _place = new();

    public static TheoryData<string> Stores => [.. KeptRows.Stores.Keys];

    [Theory, MemberData(nameof(Stores))]
    public async Task Every_text_of_a_store_takes_what_strangers_write(string file)
    {
        await KeptRows.Stores[file].Write(_place.Database($"{file}.db"));
        var schema = _place.Database($"{file}.db").Name;
        using var connection = _place.Open($"{file}.db");
        var columns = connection.Read(row => (Table: row.GetString(0), Column: row.GetString(1)), """
            SELECT table_name, column_name FROM information_schema.columns
            WHERE table_schema = @a AND data_type = 'text' AND table_name NOT LIKE '%\_20______'
            """, schema);

        Assert.All(columns, c =>
        {
            connection.Run($"UPDATE {c.Table} SET {c.Column} = @a WHERE ctid = (SELECT min(ctid) FROM {c.Table})", Evil);
            Assert.Equal(1L, connection.Scalar($"SELECT count(*) FROM {c.Table} WHERE {c.Column} = @a", Mended));
        });
    }

    [Fact]
    public async Task A_story_with_such_words_is_projected_found_and_read()
    {
        await using var model = new ReadModel(_place.Database("read.db"));
        var id = new MessageId(Submission(1), 0);
        var ended = new AttemptsConcluded(Noon.AddSeconds(2), [new(Attempt(new(id, 1), SmtpReply.Parse(550, Evil)),
            MessageStatus.Bounced, null, "retry/default", Shop)]);

        await model.Project(0, Numbered(1, Accept(Accepted(1, tags: [Evil])), Started(id), ended), default);

        Assert.Equal([id], (await model.List(new("acme", Tag: Evil), default)).Messages.Select(m => m.Id));
        Assert.Contains("🎉", (await model.Find(id, default))!.Events[^1].Outcome!.Reply.Text, StringComparison.Ordinal);
        Assert.Equal(3, await model.PlaceOf(0, default));
    }

    public void Dispose() => _place.Dispose();
}

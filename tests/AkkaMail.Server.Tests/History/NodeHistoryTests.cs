using AkkaMail.Core.Mail;
using AkkaMail.Core.Replies;
using AkkaMail.Core.Rules;
using AkkaMail.Core.Shaping;
using AkkaMail.Server.History;
using AkkaMail.Server.Options;
using AkkaMail.Server.Rules;
using AkkaMail.Server.Tests.Rules;
using AkkaMail.Storage.History;
using AkkaMail.Storage.Sqlite;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Configuration;

namespace AkkaMail.Server.Tests.History;

public sealed class NodeHistoryTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("akkamail-history-").FullName;
    private readonly LogLines<ShapingFile> _log = new();
    private readonly LogLines<NodeHistory> _said = new();
    private readonly ShapingFile _shaping;
    private readonly HistoryStore _store;

    public NodeHistoryTests()
    {
        _shaping = new ShapingFile(Path.Combine(_directory, "shaping.json"), TimeProvider.System, _log).ReadAtStart();
        _store = new(new SqliteDatabase(Path.Combine(_directory, "history.db")) { BusyTimeout = TimeSpan.FromSeconds(1) });
    }

    private NodeHistory Node() => new(_store, [_shaping,
        new BouncesFile(Path.Combine(_directory, "bounces.json"), TimeProvider.System, new LogLines<BouncesFile>()).ReadAtStart()],
        new ConfigurationBuilder().Build(), TimeProvider.System, _said);

    private void Write(string text) => File.WriteAllText(_shaping.Path, text);

    private async Task<string?> Text(string version) => (await _store.Find(RulesKind.Shaping, version, default))?.Text.Text;

    [Fact]
    public async Task A_start_keeps_what_is_shipped_and_what_is_written()
    {
        Write("""{"version": "a"}""");
        _shaping.Look();

        using (var node = Node()) node.Begin("n#1");

        Assert.Equal("""{"version": "a"}""", await Text(_shaping.Current.Version));
        Assert.Equal(ShapingReader.ShippedText.Text, await Text(ShapingReader.Shipped.Version));
        Assert.NotNull(await _store.Find(RulesKind.Bounces, BounceRulesReader.Shipped.Version, default));
        var life = (await _store.Nodes(null, 10, default)).Single();
        Assert.Equal([_shaping.Current.Version, BounceRulesReader.Shipped.Version], life.InForce.Select(r => r.Version));
        Assert.Equal((NodeEnd.Stopped, NodeHistory.Program), (life.End!.Value, life.Start.Program));
    }

    /// <summary>An event may name it in the same moment.</summary>
    [Fact]
    public void A_changed_text_is_kept_before_anybody_goes_by_it()
    {
        using var node = Node();
        node.Begin("n#1");
        string? found = null;
        using var asked = _shaping.Subscribe(rules => found = Text(rules.Version).GetAwaiter().GetResult());

        Write("""{"version": "b"}""");
        _shaping.Look();

        Assert.Equal("""{"version": "b"}""", found);
    }

    [Fact]
    public void While_it_cannot_be_kept_the_rules_before_it_stay_and_that_is_said_once()
    {
        using var node = Node();
        node.Begin("n#1");
        Write("""{"version": "c"}""");

        using (var other = new SqliteConnection($"Data Source={Path.Combine(_directory, "history.db")};Pooling=False"))
        {
            other.Open();
            using var held = new SqliteCommand("BEGIN IMMEDIATE", other);
            held.ExecuteNonQuery();
            _shaping.Look();
            _shaping.Look();
        }

        Assert.Equal(ShapingReader.Shipped.Version, _shaping.Current.Version);
        Assert.StartsWith("its text cannot be kept: The history: no answer", _shaping.State.Refused!.Faults.Single().Message);
        Assert.Contains("its text cannot be kept", Assert.Single(_log.Lines), StringComparison.Ordinal);
        _shaping.Look();
        Assert.StartsWith("c+", _shaping.Current.Version);
        Assert.Null(_shaping.State.Refused);
    }

    [Fact]
    public void A_start_that_cannot_keep_them_ends()
    {
        File.Delete(Path.Combine(_directory, "history.db"));

        Assert.Throws<StoreException>(() => Node().Begin("n#1"));
    }

    [Fact]
    public void Who_was_killed_is_named_at_the_next_start()
    {
        Node().Begin("n#1");

        using var next = Node();
        next.Begin("n#2");

        Assert.StartsWith("n#1 did not say that it ends: its last sign of life is of ", Assert.Single(_said.Lines));
    }

    [Fact]
    public void Settings_are_told_apart_and_no_secret_goes_into_their_hash()
    {
        static string Hash(params (string Key, string Value)[] settings) => SettingsHash.Of(new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(s => KeyValuePair.Create(s.Key, (string?)s.Value))).Build());

        var one = Hash(("AkkaMail:GroupCommit", "7"), ("AkkaMail:Dns:Servers", "x"));

        Assert.Equal(one, Hash(("AkkaMail:Dns:Servers", "x"), ("akkamail:groupcommit", "7"), ("Logging:Level", "x")));
        Assert.Equal(one, Hash(("AkkaMail:Dns:Servers", "x"), ("AkkaMail:GroupCommit", "7"), ("AkkaMail:AdminKey", "0123456789abcdef"),
            ("AkkaMail:Storage:ConnectionString", "Password=x")));
        Assert.NotEqual(one, Hash(("AkkaMail:GroupCommit", "8"), ("AkkaMail:Dns:Servers", "x")));
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);
}

using AkkaMail.EndToEnd.Tests.World;
using AkkaMail.Rig;

namespace AkkaMail.EndToEnd.Tests.Postgres;

/// <summary>What an operator reads when the database is not as it should be: one sentence.</summary>
public sealed class Starts : IDisposable
{
    private readonly string _directory = ThisBuild.NewDirectory("start-postgres");
    private readonly PostgresCluster _cluster = PostgresCluster.Shared;

    [Fact]
    public async Task A_database_that_is_not_there_or_lets_nobody_in_is_told_in_one_sentence()
    {
        _cluster.Execute("postgres", """
            DROP ROLE IF EXISTS poor; CREATE ROLE poor LOGIN PASSWORD 'poor'
            """);
        _cluster.Execute("postgres", "DROP DATABASE IF EXISTS latin");
        _cluster.Execute("postgres", "CREATE DATABASE latin TEMPLATE template0 ENCODING 'LATIN1'");
        var (name, port) = ("t-not-there", _cluster.Port);
        var there = _cluster.NewDatabase();
        var database = there.Split("Database=")[1].Split(';')[0];

        Assert.Equal($"PostgreSQL at 127.0.0.1:1, database x cannot be used: the database server cannot be reached "
            + "(ConnectionRefused).", await Refused("Host=127.0.0.1;Port=1;Database=x;Username=x;Password=x"));
        Assert.StartsWith($"PostgreSQL at 127.0.0.1:{port}, database {name} cannot be used: database \"{name}\" does not exist: "
            + "create it, empty", await Refused(_cluster.ConnectionString(name)), StringComparison.Ordinal);
        Assert.Contains("it lets us not in: password authentication failed",
            await Refused(_cluster.ConnectionString(database, password: "wrong")), StringComparison.Ordinal);
        Assert.Contains($"permission denied for database {database}: the role needs CREATE on the database",
            await Refused(_cluster.ConnectionString(database, "poor", "poor")), StringComparison.Ordinal);
        Assert.Contains("it keeps text as LATIN1, and mail needs UTF8",
            await Refused(_cluster.ConnectionString("latin")), StringComparison.Ordinal);
        Assert.Contains("AkkaMail:Storage:ConnectionString is not set", await Refused(""), StringComparison.Ordinal);
        _cluster.GiveBack(there);
    }

    /// <summary>Before anybody asks the database: this one is not there.</summary>
    [Fact]
    public async Task A_demo_is_refused_on_a_database_since_another_node_would_send_its_mail()
    {
        using var demo = ServerProcess.Start(Path.Combine(_directory, "demo"),
            Stored.At("Host=127.0.0.1;Port=1;Database=x;Username=x;Password=x").ToDictionary(s => s.Name, s => s.Value), verb: "demo");

        Assert.Equal(1, await demo.Ended());
        Assert.Equal("AkkaMail:Storage:Provider is postgres, and a demo keeps its mail in files: another node on that database "
            + "would send it to the world.", Assert.Single(demo.Errors.Split('\n')));
        Assert.False(Directory.Exists(Path.Combine(_directory, "demo")));
    }

    [Fact]
    public async Task A_role_that_may_create_is_enough_and_a_second_server_joins_the_first()
    {
        var text = _cluster.NewDatabase();
        var database = text.Split("Database=")[1].Split(';')[0];
        _cluster.Execute("postgres", "DROP ROLE IF EXISTS mailer; CREATE ROLE mailer LOGIN PASSWORD 'mail-pass'");
        _cluster.Execute("postgres", $"GRANT CREATE ON DATABASE {database} TO mailer");
        var own = _cluster.ConnectionString(database, "mailer", "mail-pass");
        var file = Path.Combine(_directory, "connection");
        File.WriteAllText(file, own + "\n");
        using var first = ServerProcess.Start(Path.Combine(_directory, "first"), new Dictionary<string, string>
        {
            ["AkkaMail__Storage__Provider"] = "postgres",
            ["AkkaMail__Storage__ConnectionStringFile"] = file,
        });
        await first.Ready();

        using var second = ServerProcess.Start(Path.Combine(_directory, "second"), Stored.At(own).ToDictionary(s => s.Name, s => s.Value));
        await second.Ready();
        Assert.Contains("Joining akka.ssl.tcp://akkamail@127.0.0.1:", second.Output, StringComparison.Ordinal);
        Assert.Contains("This cluster has two nodes", second.Output, StringComparison.Ordinal);

        // Nobody else is there, and its process is gone: that the machine knows itself.
        first.Kill();
        second.Kill();
        using var third = ServerProcess.Start(Path.Combine(_directory, "third"), Stored.At(own).ToDictionary(s => s.Name, s => s.Value));
        await third.Ready(TimeSpan.FromSeconds(20));
        Assert.Contains("cluster 2 begins here", third.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("mail-pass", first.Output + second.Output, StringComparison.Ordinal);
    }

    private async Task<string> Refused(string connectionString)
    {
        using var server = ServerProcess.Start(
            Path.Combine(_directory, "refused"), Stored.At(connectionString).ToDictionary(s => s.Name, s => s.Value));
        Assert.Equal(1, await server.Ended());
        return Assert.Single(server.Errors.Split('\n'));
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);
}

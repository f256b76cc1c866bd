using AkkaMail.EndToEnd.Tests.World;
using AkkaMail.Rig;

namespace AkkaMail.EndToEnd.Tests;

/// <summary>An assembly of somebody else's adds an actor to a real server, or ends its start with one line.</summary>
public sealed class Extensions : IDisposable
{
    private const string Setting = "AkkaMail__Extensions";
    private readonly string _directory = ThisBuild.NewDirectory("extension");

    private static string Visitor => Path.Combine(
        ThisBuild.Root, "artifacts", "bin", "AkkaMail.Extension", ThisBuild.Configuration, "AkkaMail.Extension.dll");

    [Fact]
    public async Task What_an_extension_adds_runs_in_the_servers_actor_system()
    {
        var file = Path.Combine(_directory, "visits");
        using var server = ServerProcess.Start(Path.Combine(_directory, "data"), new Dictionary<string, string>
        {
            [Setting] = Visitor,
            ["VISITOR_FILE"] = file,
        });
        await server.Ready();

        await Wait.Until(() => File.Exists(file));

        Assert.Equal(["/user/visitor saw Up"], await File.ReadAllLinesAsync(file, CancellationToken.None));
    }

    [Fact]
    public async Task One_that_fails_ends_the_start_with_its_words()
    {
        using var server = ServerProcess.Start(Path.Combine(_directory, "data"), new Dictionary<string, string> { [Setting] = Visitor });

        Assert.Equal(1, await server.Ended());
        Assert.Equal($"AkkaMail:Extensions ({Visitor}) has failed in AkkaMail.Extension.Visitor.Add: InvalidOperationException: "
            + "VISITOR_FILE is not set.", server.Errors);
    }

    [Fact]
    public async Task A_file_that_is_not_there_ends_the_start_before_anything_is_written()
    {
        var data = Path.Combine(_directory, "data");
        using var server = ServerProcess.Start(data, new Dictionary<string, string> { [Setting] = "/nowhere/mine.dll" });

        Assert.Equal(1, await server.Ended());
        Assert.Equal("AkkaMail:Extensions (/nowhere/mine.dll) is not there.", server.Errors);
        Assert.False(File.Exists(Path.Combine(data, "installation.json")));
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);
}

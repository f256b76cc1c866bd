using AkkaMail.Core.Replies;
using AkkaMail.Server.Data;
using AkkaMail.Server.Rules;

namespace AkkaMail.Server.Tests.Rules;

public sealed class BouncesFileTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("akkamail-bounces-").FullName;
    private readonly LogLines<BouncesFile> _log = new();

    private string File => Path.Combine(_directory, "bounces.json");

    [Fact]
    public void Own_rules_are_taken_while_the_server_runs()
    {
        var file = Open();
        Assert.Equal(BounceReason.Unclear, file.Current.Classify("550 Zzz").Reason);

        Write("""{"rules": [{"id": "zzz", "reason": "inactive", "match": ["zzz"]}]}""");
        file.Look();

        Assert.Equal(("zzz", BounceReason.Inactive),
            (file.Current.Classify("550 Zzz").Rule, file.Current.Classify("550 Zzz").Reason));
    }

    [Fact]
    public void A_faulty_change_is_refused_with_its_line_and_the_rules_stay()
    {
        Write("""{"version": "a"}""");
        var file = Open();

        Write("{\"rules\": [\n{\"id\": \"zzz\", \"reason\": \"tired\", \"match\": [\"zzz\"]}]}");
        file.Look();

        Assert.StartsWith("a+", file.Current.Version);
        Assert.StartsWith($"{File}:2 rules[0].reason: is the text \"tired\"; one of ", Assert.Single(_log.Lines));
        Assert.EndsWith($"refused, the rules {file.Current.Version} stay", _log.Lines[0]);
    }

    [Fact]
    public void A_faulty_file_ends_the_start()
    {
        Write("{\n\"x\": 1}");

        var thrown = Assert.Throws<StartException>(() => Open());

        Assert.Equal($"{File}:2 x: is not known here; there is version, shipped, rules", thrown.Message);
    }

    private BouncesFile Open() => new BouncesFile(File, TimeProvider.System, _log).ReadAtStart();

    private void Write(string text) => System.IO.File.WriteAllText(File, text);

    public void Dispose() => Directory.Delete(_directory, recursive: true);
}

using AkkaMail.Server.Data;
using AkkaMail.Server.Rules;
using Microsoft.Extensions.Logging;

namespace AkkaMail.Server.Tests.Rules;

public sealed class ShapingFileTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("akkamail-shaping-").FullName;
    private readonly LogLines<ShapingFile> _log = new();
    private readonly List<string> _changes = [];

    private string File => Path.Combine(_directory, "shaping.json");

    [Fact]
    public void Without_a_file_the_shipped_rules_hold()
    {
        var file = Open();

        Assert.NotEmpty(file.Current.Providers);
        Assert.False(file.State.IsFromFile);
        Assert.Empty(_log.Lines);
    }

    [Fact]
    public void A_file_that_comes_or_changes_is_taken_and_those_who_asked_are_told()
    {
        var file = Open();

        Write("""{"version": "a"}""");
        file.Look();
        Write("""{"version": "b"}""");
        file.Look();
        file.Look();

        Assert.Equal(["a", "b"], _changes);
        Assert.StartsWith("b+", file.Current.Version);
    }

    [Fact]
    public void A_faulty_change_is_refused_and_told_in_one_line()
    {
        Write("""{"version": "a"}""");
        var file = Open();

        Write("{\n\"defaults\": {\"rate\": 1},\n\"x\": 1}");
        file.Look();
        file.Look();

        Assert.StartsWith("a+", file.Current.Version);
        Assert.Equal([2, 3], file.State.Refused!.Faults.Select(f => f.Line));
        Assert.Equal($"{File}:2 defaults.rate: is the number 1, but a text as in \"100/s\" is needed (and 1 more): "
            + $"refused, the rules {file.Current.Version} stay", Assert.Single(_log.Lines));
        Assert.Empty(_changes);
    }

    [Fact]
    public void A_mended_file_is_taken_and_nothing_is_refused_any_more()
    {
        Write("""{"version": "a"}""");
        var file = Open();
        Write("{");
        file.Look();

        Write("""{"version": "b"}""");
        file.Look();

        Assert.StartsWith("b+", file.Current.Version);
        Assert.Null(file.State.Refused);
    }

    [Fact]
    public void A_faulty_file_at_the_start_is_refused_with_its_lines()
    {
        Write("{\n\"defaults\": {\"connections\": 0},\n\"x\": 1}");

        var thrown = Assert.Throws<StartException>(() => Open());

        Assert.Equal(
        [
            $"{File}:2 defaults.connections: is 0; a whole number from 1 to 5000 is needed",
            $"{File}:3 x: is not known here; there is defaults, version, shipped, providers, domains, sources, pools, "
                + "tenants, streams, warm_up_plans, rules",
        ], thrown.Message.Split('\n'));
    }

    [Fact]
    public void A_file_that_is_gone_leaves_its_rules()
    {
        Write("""{"version": "a"}""");
        var file = Open();

        System.IO.File.Delete(File);
        file.Look();
        file.Look();

        Assert.StartsWith("a+", file.Current.Version);
        Assert.Contains("is gone", Assert.Single(_log.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public void Whoever_no_longer_asks_is_not_told()
    {
        var file = Open();
        var told = 0;
        file.Subscribe(_ => told++).Dispose();

        Write("{}");
        file.Look();

        Assert.Equal(0, told);
    }

    private ShapingFile Open()
    {
        var file = new ShapingFile(File, TimeProvider.System, _log).ReadAtStart();
        file.Subscribe(rules => _changes.Add(rules.Version.Split('+')[0]));
        return file;
    }

    private void Write(string text) => System.IO.File.WriteAllText(File, text);

    public void Dispose() => Directory.Delete(_directory, recursive: true);
}

/// <summary>Warnings and errors, as they would be read.</summary>
internal sealed class LogLines<T> : ILogger<T>
{
    public List<string> Lines { get; } = [];

    public void Log<TState>(
        LogLevel level, EventId id, TState state, Exception? exception, Func<TState, Exception?, string> format)
    {
        if (level >= LogLevel.Warning) Lines.Add(format(state, exception));
    }

    public bool IsEnabled(LogLevel logLevel) => true;
    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;
}

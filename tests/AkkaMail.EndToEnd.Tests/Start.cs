using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using AkkaMail.EndToEnd.Tests.World;
using AkkaMail.Rig;

namespace AkkaMail.EndToEnd.Tests;

/// <summary>What an operator sees at the start: a key, an address, or one line that says what is wrong.</summary>
public sealed partial class Start : IDisposable
{
    private readonly string _directory = ThisBuild.NewDirectory("start");

    [Theory]
    [InlineData("AkkaMail__Delivery__Relay", "nowhere", "AkkaMail:Delivery:Relay (nowhere) is not host:port.")]
    [InlineData("AkkaMail__Ledgers", "0", "AkkaMail:Ledgers is 0; 1 to 1024 is allowed.")]
    [InlineData("AkkaMail__Delivery__EhloNam", "x", "AkkaMail:Delivery:EhloNam is not a setting: did you mean AkkaMail:Delivery:EhloName?")]
    public async Task A_bad_option_ends_the_start_with_one_line_on_stderr(string name, string value, string says)
    {
        using var server = ServerProcess.Start(_directory, new Dictionary<string, string> { [name] = value });

        Assert.Equal(1, await server.Ended());
        Assert.Contains(says, Assert.Single(server.Errors.Split('\n')), StringComparison.Ordinal);
        Assert.Equal(server.Errors, server.Output);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("http://127.0.0.1:99999")]
    [InlineData("http://127.0.0.1:80x")]   // Kestrel would open port 80 to all the world.
    [InlineData("http://127.0.0.1:0;https://127.0.0.1:0")]
    [InlineData("http://mail.example.com:0")]   // Nor does it look the name up: all the world again.
    [InlineData("http://127.0.0.1:0/base")]
    public async Task A_bad_address_ends_the_start_with_one_line_on_stderr(string urls)
    {
        using var server = ServerProcess.Start(_directory, new Dictionary<string, string>(), urls: urls);

        Assert.Equal(1, await server.Ended());
        Assert.StartsWith("--urls has '", Assert.Single(server.Errors.Split('\n')), StringComparison.Ordinal);
        Assert.Equal(server.Errors, server.Output);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_directory));
    }

    [Fact]
    public async Task Two_bad_options_are_two_lines_and_leave_no_trace_in_the_data_directory()
    {
        using var server = ServerProcess.Start(_directory, new Dictionary<string, string>
        {
            ["AkkaMail__Ledgers"] = "0",
            ["AkkaMail__Delivery__Relay"] = "nowhere",
        });

        Assert.Equal(1, await server.Ended());
        Assert.Equal(2, server.Errors.Split('\n').Length);
        Assert.Equal(server.Errors, server.Output);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_directory));
    }

    [Fact]
    public async Task A_taken_port_ends_the_start_with_one_line_before_anything_is_written()
    {
        using var first = ServerProcess.Start(_directory, new Dictionary<string, string>());
        await first.Ready();
        var other = Path.Combine(_directory, "other");

        using var second = ServerProcess.Start(other, new Dictionary<string, string>(), port: first.Url.Port);
        using var smtp = ServerProcess.Start(other, new Dictionary<string, string>
        {
            ["AkkaMail__Smtp__Listen"] = $"127.0.0.1:{first.Url.Port}",
        });

        using var cluster = ServerProcess.Start(other, new Dictionary<string, string>
        {
            ["AkkaMail__Cluster__Port"] = $"{first.Url.Port}",
        });

        Assert.Equal((1, 1, 1), (await second.Ended(), await smtp.Ended(), await cluster.Ended()));
        Assert.StartsWith("AkkaMail:Cluster:Port (", Assert.Single(cluster.Errors.Split('\n')), StringComparison.Ordinal);
        Assert.EndsWith("cannot be listened on: address already in use; does another server run there?",
            Assert.Single(second.Errors.Split('\n')), StringComparison.Ordinal);
        Assert.StartsWith("AkkaMail:Smtp:Listen (127.0.0.1:", Assert.Single(smtp.Errors.Split('\n')), StringComparison.Ordinal);
        Assert.False(Directory.Exists(other));
    }

    [Fact]
    public async Task Two_doors_at_one_place_and_a_file_that_is_not_there_end_the_start_with_one_line()
    {
        var (port, other) = (ServerProcess.FreePort(), Path.Combine(_directory, "other"));
        Dictionary<string, string> One(string name, string value) => new() { [name] = value };

        using var door = ServerProcess.Start(other, One("AkkaMail__Smtp__Listen", $"0.0.0.0:{port}"), port: port);
        using var twice = ServerProcess.Start(other, One("AkkaMail__Smtp__Listen", $"127.0.0.1:{port},127.0.0.1:{port}"));
        using var file = ServerProcess.Start(other, One("AkkaMail__Shaping__File", "/nowhere/shaping.json"));
        using var directory = ServerProcess.Start(other, One("AkkaMail__Bounces__Rules", _directory));

        Assert.Equal((1, 1, 1, 1), (await door.Ended(), await twice.Ended(), await file.Ended(), await directory.Ended()));
        Assert.Equal($"--urls (http://127.0.0.1:{port}/) and AkkaMail:Smtp:Listen (0.0.0.0:{port}) are one address and port: each needs its own.", door.Errors);
        Assert.StartsWith($"AkkaMail:Smtp:Listen (127.0.0.1:{port}) and AkkaMail:Smtp:Listen (", Assert.Single(twice.Errors.Split('\n')), StringComparison.Ordinal);
        Assert.Equal("AkkaMail:Shaping:File (/nowhere/shaping.json) is not there.", file.Errors);
        Assert.Equal($"AkkaMail:Bounces:Rules ({_directory}) is a directory and no file.", directory.Errors);
        Assert.False(Directory.Exists(other));
    }

    [Fact]
    public async Task The_first_start_draws_a_key_and_prints_it_once()
    {
        var unset = new Dictionary<string, string> { ["AkkaMail__AdminKey"] = "" };
        string key;
        using (var first = await ServerProcess.Start(_directory, unset).Ready())
        {
            key = Assert.Single(NewKey().Matches(first.Output)).Groups[1].Value;
            await Opens(first, key);
            await first.Stop();
        }

        using var second = await ServerProcess.Start(_directory, unset).Ready();

        await Opens(second, key);
        Assert.DoesNotContain("key", second.Output, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("installation.json", FilesWith("AdminKeyHash"));   // The search would find it.
        Assert.Empty(FilesWith(key).Concat(FilesWith(key["am_".Length..])));
    }

    [Theory]
    [InlineData("https://mail.example.com/", "https://mail.example.com")]
    [InlineData("", null)]
    public async Task The_demo_prints_the_address_the_reader_has(string publicUrl, string? expected)
    {
        using var server = ServerProcess.Start(
            _directory, new Dictionary<string, string> { ["AkkaMail__PublicUrl"] = publicUrl }, verb: "demo");

        await Wait.Until(
            () => server.Output.Contains("Ctrl+C ends it.", StringComparison.Ordinal), seen: () => server.Output);

        expected ??= server.Url.ToString().TrimEnd('/');
        Assert.Contains($"AkkaMail is ready on {expected} after", server.Output, StringComparison.Ordinal);
        Assert.Contains($"its story:  {expected}/#key=", server.Output, StringComparison.Ordinal);
        Assert.Contains($"curl -s {expected}/v1/messages", server.Output, StringComparison.Ordinal);
        Assert.Equal(3, server.Output.Split("http").Length - 1);
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private static async Task Opens(ServerProcess server, string key)
    {
        using (var right = new Api(server.Url, key))
            Assert.Equal(0, (await right.Status()).Accepted);
        using var wrong = new Api(server.Url, key[..^1] + (key[^1] == '0' ? '1' : '0'));
        using var answer = await wrong.Http.GetAsync("/v1/status");
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    private List<string> FilesWith(string word) => [.. Directory.GetFiles(_directory).Where(file =>
    {
        if (Path.GetFileName(file) == "lock") return false;   // Held by the server, and empty.
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return Encoding.Latin1.GetString(bytes).Contains(word, StringComparison.OrdinalIgnoreCase);
    }).Select(file => Path.GetFileName(file))];

    [GeneratedRegex("Admin key \\(shown once, keep it\\): (am_[0-9a-f]{48})")]
    private static partial Regex NewKey();
}

using System.Text;
using AkkaMail.EndToEnd.Tests.World;

namespace AkkaMail.EndToEnd.Tests;

/// <summary>
/// Addresses lie in the envelopes, which can be erased. The journal is for ever: it must not know any.
/// </summary>
[Collection(Resolving.Name)]
public sealed class Privacy(Resolving server)
{
    [Fact]
    public async Task No_recipient_is_in_journal_snapshots_or_read_model()
    {
        var word = Mails.Unique("zebra");
        string[] to =
        [
            $"{word}@d1.test", $"permfail+{word}@d2.test", $"Permfail+{word.ToUpperInvariant()}@D3.test",
            $"greylist+{word}@d4.test", $"permfail+ü{word}@bücher.test", $"hangup-in-data+{word}@d5.test",
        ];
        var ids = await server.Api.Send(Mails.To([.. to.Select(a => $"{word} <{a}>")]));
        foreach (var id in ids[..5]) Assert.True((await server.Api.Ended(id)).HasEnded);
        await server.Api.Story(ids[5], s => s.Attempts >= 2);
        // What the receiver repeated is shown: the mark has become the address again.
        var bounce = (await server.Api.Story(ids[1])).Events![^1];
        Assert.Contains($"<{to[1]}>", bounce.Reply!.Text, StringComparison.Ordinal);
        Assert.NotEmpty(await server.Api.All($"recipient={Uri.EscapeDataString(to[0])}"));

        foreach (var restarted in new[] { false, true })
        {
            if (restarted) await server.Installation.Restart();   // Closing moves the WAL into the file.
            Assert.Empty(FilesWith(word, "journal.db*", "snapshots.db*", "read.db*"));
            Assert.NotEmpty(FilesWith(word, "content.db*"));      // The search would find it.
        }
    }

    private List<string> FilesWith(string word, params string[] patterns) =>
        [.. patterns.SelectMany(p => Directory.GetFiles(server.Installation.Directory, p)).Where(file =>
        {
            using var stream = new FileStream(
                file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            return Encoding.Latin1.GetString(bytes).Contains(word, StringComparison.OrdinalIgnoreCase)
                || Encoding.Unicode.GetString(bytes).Contains(word, StringComparison.OrdinalIgnoreCase);
        })];
}

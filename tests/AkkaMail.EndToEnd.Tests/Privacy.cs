using AkkaMail.EndToEnd.Tests.World;

namespace AkkaMail.EndToEnd.Tests;

/// <summary>
/// Addresses lie in the envelopes, which can be erased. The journal is for ever: it must not know any.
/// </summary>
[Collection(Resolving.Name)]
public class Privacy(Resolving server)
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
            var places = server.Installation.PlacesWith(word, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain(places, p => IsOf(p, "journal", "snapshots", "read"));
            Assert.Contains(places, p => IsOf(p, "content"));      // The search would find it.
        }
    }

    /// <summary>A file of that store with its log, or a table.</summary>
    private static bool IsOf(string place, params string[] stores) => stores.Contains(place.Split('.')[0]);
}

using AkkaMail.EndToEnd.Tests.World;

namespace AkkaMail.EndToEnd.Tests;

/// <summary>The read model is a view: another one, read from the journal, says the same.</summary>
[Collection(Resolving.Name)]
public class Rebuild(Resolving server)
{
    private Api Api => server.Api;

    [Fact]
    public async Task Lists_stories_and_counts_are_the_same_after_a_rebuild()
    {
        var (tag, local, key) = (Mails.Unique("t"), Mails.Unique("r"), Mails.Unique("key"));
        object Mail() => Mails.Tagged(tag,
            [.. Enumerable.Range(0, 30).Select(i => $"{local}{i}@d{i % 20}.test"),
             $"permfail+{local}@d1.test", $"greylist+{local}@d1.test", $"reply-4k+{local}@d1.test", $"ann+{local}@null.test"]);
        var ids = await Api.Send(Mail(), key);
        var cancelled = (await Api.Send(new
        {
            from = "a@sender.test",
            to = "ann@d1.test",
            text = "t",
            tags = new[] { tag },
            send_at = TimeProvider.System.GetUtcNow().AddHours(1),
        }))[0];
        using (await Api.Http.DeleteAsync($"/v1/messages/{cancelled}?note=sent%20twice")) { }
        foreach (var id in ids) await Api.Ended(id);
        var counts = await Api.Status(_ => true);
        var before = await Everything();

        await Api.Rebuilt();
        var after = await Api.Status(s => s.Accepted == counts.Accepted);

        Assert.Equal(before, await Everything());
        Assert.Equal((true, counts.Of("delivered"), counts.Of("bounced"), counts.Of("cancelled")),
            (after.Complete, after.Of("delivered"), after.Of("bounced"), after.Of("cancelled")));
        Assert.Equal(ids, await Api.Send(Mail(), key));   // A repeat stays a repeat.

        async Task<List<string>> Everything()
        {
            var texts = new List<string> { await Api.Http.GetStringAsync($"/v1/messages?tag={tag}&limit=500") };
            foreach (var id in (string[])[.. ids, cancelled]) texts.Add(await Api.StoryText(id));
            return texts;
        }
    }
}

using AkkaMail.Core.Mail;
using AkkaMail.Storage.Content;
using static AkkaMail.Storage.Tests.Content.Mails;

namespace AkkaMail.Storage.Tests.Content;

public abstract class RawContentTests(StorePlace place) : StoreTests(place)
{
    private static readonly byte[] Every = [.. Enumerable.Range(0, 256).Select(i => (byte)i)];

    private static MailContent Raw(byte[] octets) => new("Привет", null, null, []) { Raw = Octets.Of(octets) };

    [Fact]
    public async Task A_mail_that_is_passed_on_comes_back_octet_for_octet_after_a_restart()
    {
        long id;
        await using (var store = new ContentStore(Place.Database("content.db")))
            id = await store.Write(Tenant, Raw(Every), Envelope("a@example.com"), Later, default);

        await using var second = new ContentStore(Place.Database("content.db"));
        var mail = await second.Read(id, 0, default);

        Assert.Equal(Every, mail!.Content.Raw!.InMemory!.Value.ToArray());
        Assert.Equal("Привет", mail.Content.Subject);
    }

    [Fact]
    public async Task Two_that_differ_in_one_octet_are_two_and_the_same_one_is_kept_once()
    {
        await using var store = new ContentStore(Place.Database("content.db"));

        foreach (var octets in (byte[][])[[1, 2, 3], [1, 2, 3], [1, 2, 4], []])
            await store.Write(Tenant, Raw(octets), Envelope("a@example.com"), Later, default);

        Assert.Equal(3, Place.Count("content.db", "bodies"));
    }
}

public sealed class RawContentOnSqlite() : RawContentTests(new SqlitePlace());

public sealed class RawContentOnPostgres() : RawContentTests(new PostgresPlace());

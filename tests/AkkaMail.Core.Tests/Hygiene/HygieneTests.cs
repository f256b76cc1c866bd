using AkkaMail.Core.Hygiene;
using AkkaMail.Core.Mail;
using AkkaMail.Core.Suppression;

namespace AkkaMail.Core.Tests.Hygiene;

public sealed class HygieneTests
{
    [Theory]
    [InlineData("postmaster", true)]
    [InlineData("Abuse", true)]
    [InlineData("sales+spring", true)]
    [InlineData("no-reply", true)]
    [InlineData("salesman", false)]
    [InlineData("ann", false)]
    [InlineData("+info", false)]
    public void An_office_is_told_from_a_person(string localPart, bool isRole) =>
        Assert.Equal(isRole, RoleAccounts.Has(localPart));

    [Theory]
    [InlineData("mailinator.com", true)]
    [InlineData("any.thing.mailinator.com", true)]
    [InlineData("xxmailinator.com", false)]
    [InlineData("gmail.com", false)]
    [InlineData("duck.com", false)]              // Forwards to a person.
    [InlineData("privaterelay.appleid.com", false)]
    public void A_throwaway_domain_and_all_below_it_are_known(string domain, bool isDisposable) =>
        Assert.Equal(isDisposable, DisposableDomains.Has(domain));

    [Fact]
    public void The_shipped_lists_are_as_they_are_looked_up()
    {
        Assert.InRange(DisposableDomains.Count, 5_000, 200_000);
        foreach (var file in (string[])["disposable_domains.txt", "mailbox_providers.txt"])
            Assert.All(WordList.Read(file), domain => Assert.Equal(domain, Mailbox.ToAscii(domain)));
        Assert.All(WordList.Read("role_accounts.txt"), name => Assert.True(
            Mailbox.TryCreate("", $"{name}@example.com", out _, out _)));
        // A provider people really use must be neither thrown away nor twice in the list.
        var providers = WordList.Read("mailbox_providers.txt");
        Assert.Equal(providers.Distinct(), providers);
        Assert.DoesNotContain(providers, DisposableDomains.Has);
    }

    [Theory]
    [InlineData("gmial.com", true, "gmail.com")]
    [InlineData("gmail.co", true, "gmail.com")]
    [InlineData("gmail.con", false, "gmail.com")]
    [InlineData("hotmial.com", true, "hotmail.com")]
    [InlineData("yahooo.com", true, "yahoo.com")]
    [InlineData("gmal.con", false, "gmail.com")]     // Two edits, and it takes no mail.
    [InlineData("gmal.con", true, null)]             // It takes mail: believed.
    [InlineData("aoll.com", false, "aol.com")]
    [InlineData("sol.com", true, null)]              // Short, and near it by accident.
    [InlineData("mail.com", true, null)]             // One edit from gmail.com, and known itself.
    [InlineData("ymail.com", true, null)]
    [InlineData("gmx.at", true, null)]
    [InlineData("gmail.com", false, null)]
    [InlineData("example.com", false, null)]
    public void A_providers_name_is_recognized_in_its_misspelling(string domain, bool takesMail, string? meant) =>
        Assert.Equal(meant, Misspelling.Of(domain, takesMail));

    [Theory]
    [InlineData("", "", 0)]
    [InlineData("ab", "ba", 1)]
    [InlineData("abc", "", 3)]
    [InlineData("gmail", "gmial", 1)]
    [InlineData("gmail", "gnail", 1)]
    [InlineData("gmail", "mail", 1)]
    [InlineData("ca", "abc", 3)]                     // Optimal string alignment: nothing is edited twice.
    public void Edits_are_counted_with_a_swap_as_one(string a, string b, int edits)
    {
        Assert.Equal(edits, Misspelling.Edits(a, b));
        Assert.Equal(edits, Misspelling.Edits(b, a));
    }

    public static TheoryData<string, MxKind, bool, SuppressionOrigin?, HygieneResult, string> Judged => new()
    {
        { "ann@example.com", MxKind.Found, false, null, HygieneResult.Ok, "" },
        { "ann@example.com", MxKind.AddressOnly, false, null, HygieneResult.Risky, "mx_address_only" },
        { "ann@example.com", MxKind.Unknown, false, null, HygieneResult.Risky, "mx_unknown" },
        { "ann@example.com", MxKind.None, false, null, HygieneResult.Bad, "mx_none" },
        { "ann@example.com", MxKind.NullMx, false, null, HygieneResult.Bad, "mx_null_mx" },
        { "ann@example.com", MxKind.NoDomain, false, null, HygieneResult.Bad, "mx_no_domain" },
        { "ann@example.com", MxKind.Found, true, null, HygieneResult.Bad, "duplicate" },
        { "ann@example.com", MxKind.Found, false, SuppressionOrigin.Unsubscribe, HygieneResult.Bad,
            "suppressed_unsubscribe" },
        { "info@example.com", MxKind.Found, false, null, HygieneResult.Risky, "role" },
        { "ann@mailinator.com", MxKind.Found, false, null, HygieneResult.Risky, "disposable" },
        { "info@gmaill.com", MxKind.Found, false, null, HygieneResult.Risky, "misspelt role" },
        { "ann@gmal.con", MxKind.NoDomain, false, null, HygieneResult.Bad, "mx_no_domain misspelt" },
    };

    [Theory, MemberData(nameof(Judged))]
    public void An_address_is_judged_by_the_worst_that_is_known_of_it(
        string address, MxKind mx, bool isDuplicate, SuppressionOrigin? suppressed, HygieneResult result,
        string reasons)
    {
        Assert.True(Mailbox.TryParse(address, out var mailbox, out _));

        var domain = DomainFindings.Of(mailbox.AsciiDomain, mx);
        var found = AddressFindings.Of(mailbox, domain, isDuplicate, suppressed);

        Assert.Equal((result, reasons), (found.Result, string.Join(' ', found.Reasons)));
    }

    [Fact]
    public void What_is_no_address_is_bad_for_that_alone()
    {
        var found = AddressFindings.NoAddress("is not an address (local@domain)");

        Assert.Equal((HygieneResult.Bad, "syntax"), (found.Result, string.Join(' ', found.Reasons)));
    }
}

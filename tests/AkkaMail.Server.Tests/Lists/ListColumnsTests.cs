using AkkaMail.Server.Lists;
using AkkaMail.Server.Refusals;
using AkkaMail.Server.Suppression;

namespace AkkaMail.Server.Tests.Lists;

/// <summary>The columns of lists, as the products that people come from name them in what they export.</summary>
public sealed class ListColumnsTests
{
    [Theory]
    [InlineData("SendGrid", "status,reason,email,created", "5.1.1,550 5.1.1 no such user,a@d.test,1700000000", "550 5.1.1 no such user (1700000000)")]
    [InlineData("Mailgun", "address,code,error,created_at", "a@d.test,550,No such user,Fri\\, 21 Oct 2011 11:02:55 UTC", "No such user (Fri, 21 Oct 2011 11:02:55 UTC)")]
    [InlineData("Postmark", "EmailAddress,SuppressionReason,Origin,CreatedAt", "a@d.test,HardBounce,Recipient,2025-12-01T10:00:00Z", "HardBounce (2025-12-01T10:00:00Z)")]
    [InlineData("SES", "EmailAddress,Reason,LastUpdateTime", "a@d.test,BOUNCE,2025-12-01T10:00:00Z", "BOUNCE (2025-12-01T10:00:00Z)")]
    [InlineData("Mailchimp", "Email Address,First Name,UNSUB_TIME,UNSUB_CAMPAIGN_TITLE", "a@d.test,Ann,2025-12-01 10:00:00,News 7", "News 7 (2025-12-01 10:00:00)")]
    [InlineData("Brevo", "EMAIL,FIRSTNAME,REASON", "a@d.test,Ann,unsubscribed", "unsubscribed")]
    [InlineData("SparkPost", "recipient,type,description", "a@d.test,non_transactional,", "non_transactional")]
    [InlineData("a spreadsheet", "Name,E-Mail-Adresse", "Ann,a@d.test", null)]
    [InlineData("nobody's", "address,domain,note,reason", "a@d.test,sender.test,mine,theirs", "mine")]
    public void An_export_of_another_product_is_taken_with_its_reason_and_date(
        string product, string heading, string row, string? note)
    {
        var errors = new FieldErrors();
        var cells = row.Replace("\\,", "\u0001", StringComparison.Ordinal).Split(',')
            .Select(c => c.Replace('\u0001', ',')).ToList();
        var sample = ListSample.Of($"{heading}\n{string.Join(',', cells.Select(c => $"\"{c}\""))}\n", ',', isCut: false, 1);
        var columns = ListColumns.Of(sample);

        var entry = Assert.Single(new SuppressionRows(columns).Read(new(2, cells), errors));

        Assert.True(columns.HasHeading, product);
        Assert.Equal(("a@d.test", null, note, 0), (entry.Address, entry.Domain, entry.Note, errors.All.Count));
    }

    [Fact]
    public void A_heading_that_names_no_address_is_told_with_what_was_looked_for()
    {
        var columns = Of("Vorname,Ort\nAnn,Ulm\n");

        Assert.False(new SuppressionRows(columns).NamesAnybody);
        Assert.Contains("'Vorname', 'Ort'", columns.NotFound, StringComparison.Ordinal);
        Assert.Contains("EmailAddress", columns.NotFound, StringComparison.Ordinal);
    }

    private static ListColumns Of(string list) =>
        ListColumns.Of(ListForm.Of(System.Text.Encoding.UTF8.GetBytes(list)).Sample());

    /// <summary>Mailchimp's Address is a street, Postmark's From is who sent the mail, and nobody's language is ours.</summary>
    [Theory]
    [InlineData("Email Address,First Name,Address\na@d.test,Ann,1 Main St\n", "Email Address")]
    [InlineData("Address,Email\n1 Main St,a@d.test\n", "Email")]
    [InlineData("Recipient,From\na@d.test,shop@d.test\nb@d.test,shop@d.test\n", "Recipient")]
    [InlineData("Recipient,Email\nAnn,a@d.test\n", "Email")]
    [InlineData("id;Электронная почта;x\n1;a@d.test;2\n", "Электронная почта")]
    [InlineData("Name,E-mail 1 - Type,E-mail 1 - Value\nA,*,a@d.test\n", "E-mail 1 - Value")]
    [InlineData("Endereço de e-mail;dono\na@d.test;me@d.test\n", "Endereço de e-mail")]
    [InlineData("Suppressions of Acme\n\nemail;note\na@d.test;x\n", "email")]
    [InlineData("address,domain\n,spam.test\na@d.test,\n", "address")]
    [InlineData("Name, Vorname;E-Mail\nMüller, Anna;a@d.test\n", "E-Mail")]
    public void The_column_of_addresses_is_the_one_that_has_some(string list, string heading)
    {
        var columns = Of(list);

        Assert.Equal(heading, columns.Headings[columns.Address!.Value]);
    }

    /// <summary>Whose addresses they are nobody can tell: the owner's would be suppressed in silence.</summary>
    [Fact]
    public void Two_columns_of_addresses_without_a_name_are_none() =>
        Assert.Null(Of("Kunde,Betreuer\na@d.test,me@d.test\n").Address);

    [Fact]
    public void A_list_of_domains_alone_has_a_heading() =>
        Assert.True(new SuppressionRows(Of("domain\nspam.test\n")) is { NamesAnybody: true } && Of("domain\nspam.test\n").HasHeading);

    [Theory]
    [InlineData("a@d.test; b@d.test", "a@d.test b@d.test")]
    [InlineData("\"a@d.test\",\"b@d.test\",", "a@d.test b@d.test")]
    [InlineData("mailto:a@d.test", "a@d.test")]
    [InlineData("=\"a@d.test\"", "a@d.test")]
    [InlineData("\u200ba@d.test", "a@d.test")]
    [InlineData("17,a@d.test,me@d.test", null)]
    public void All_of_a_row_are_taken_or_it_is_told_that_nobody_knows_who_is_meant(string row, string? people)
    {
        var sample = ListForm.Of(System.Text.Encoding.UTF8.GetBytes(row + "\n")).Sample();
        var errors = new FieldErrors();

        var entries = new SuppressionRows(ListColumns.Of(sample)).Read(sample.Rows[0], errors).ToList();

        Assert.Equal(people ?? "", string.Join(' ', entries.Select(e => e.Address)));
        Assert.Equal(people is null, errors.All.Count > 0);
    }

    /// <summary>Whoever does not want mail gets none: an end that cannot be read is none, and is told.</summary>
    [Theory]
    [InlineData("2030-12-31", true)]
    [InlineData("2030-12-31 10:00:00", true)]
    [InlineData("2030-12-31T10:00:00+02:00", true)]
    [InlineData("05.06.2030", false)]
    [InlineData("31/12/2030", false)]
    [InlineData("12:00", false)]
    public void An_end_is_read_when_it_can_be_only_one(string end, bool isRead)
    {
        var sample = ListForm.Of(System.Text.Encoding.UTF8.GetBytes($"email,expires_at\na@d.test,{end}\n")).Sample();
        var errors = new FieldErrors();

        var entry = Assert.Single(new SuppressionRows(ListColumns.Of(sample)).Read(sample.Rows[1], errors));

        Assert.Equal((isRead, isRead), (entry.ExpiresAt is not null, errors.All.Count == 0));
    }

    [Fact]
    public void A_first_row_with_an_address_is_no_heading()
    {
        var columns = Of("17,a@d.test,gone\n");

        Assert.False(columns.HasHeading);
        Assert.Equal(1, columns.Address);
        Assert.Equal("a list without a heading, with addresses in column 2 of 3", new SuppressionRows(columns).ReadAs);
    }
}

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
        var columns = ListColumns.Of(heading.Split(','));
        var errors = new FieldErrors();
        var cells = row.Replace("\\,", "\u0001", StringComparison.Ordinal).Split(',')
            .Select(c => c.Replace('\u0001', ',')).ToList();

        var entry = new SuppressionRows(columns).Read(new(2, cells), errors);

        Assert.True(columns.HasHeading, product);
        Assert.Equal(("a@d.test", null, note, 0), (entry.Address, entry.Domain, entry.Note, errors.All.Count));
    }

    [Fact]
    public void A_heading_that_names_no_address_is_told_with_what_was_looked_for()
    {
        var columns = ListColumns.Of(["Vorname", "Ort"]);

        Assert.False(new SuppressionRows(columns).NamesAnybody);
        Assert.Contains("'Vorname', 'Ort'", columns.NotFound, StringComparison.Ordinal);
        Assert.Contains("EmailAddress", columns.NotFound, StringComparison.Ordinal);
    }

    [Fact]
    public void A_first_row_with_an_address_is_no_heading()
    {
        var columns = ListColumns.Of(["17", "a@d.test", "gone"]);

        Assert.False(columns.HasHeading);
        Assert.Equal(1, columns.Address);
        Assert.Equal("a list without a heading, with addresses in column 2 of 3", new SuppressionRows(columns).ReadAs);
    }
}

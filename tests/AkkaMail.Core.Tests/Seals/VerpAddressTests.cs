using AkkaMail.Core.Ids;
using AkkaMail.Core.Seals;

namespace AkkaMail.Core.Tests.Seals;

public sealed class VerpAddressTests
{
    private static readonly byte[] Key = [.. Enumerable.Range(0, 32).Select(i => (byte)i)], Other = new byte[32];

    private static readonly MessageId Message =
        new(SubmissionId.Create(3, new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero), ulong.MaxValue), 999);

    [Fact]
    public void An_address_leads_back_to_its_message_in_any_case()
    {
        var address = VerpAddress.Of(Message, "bounce.example.com", Key);

        Assert.Equal(Message, VerpAddress.Verify(address, Key));
        Assert.Equal(Message, VerpAddress.Verify(address.ToUpperInvariant(), Key));
        Assert.EndsWith("@bounce.example.com", address, StringComparison.Ordinal);
        Assert.InRange(address.IndexOf('@', StringComparison.Ordinal), 1, 64);   // RFC 5321 §4.5.3.1.1
    }

    [Fact]
    public void No_changed_character_and_no_other_key_gets_through()
    {
        var address = VerpAddress.Of(Message, "b.c", Key);

        Assert.Null(VerpAddress.Verify(address, Other));
        for (var i = 2; i < address.IndexOf('@', StringComparison.Ordinal) - 1; i++)
            Assert.Null(VerpAddress.Verify(address.Remove(i, 1).Insert(i, address[i] == 'a' ? "b" : "a"), Key));
    }

    [Theory]
    [InlineData("")]
    [InlineData("@")]
    [InlineData("b+")]
    [InlineData("b+@b.c")]
    [InlineData("b+0189@b.c")]
    [InlineData("postmaster@b.c")]
    public void Other_addresses_are_nobodys(string address) => Assert.Null(VerpAddress.Verify(address, Key));

    [Theory]
    [InlineData("news", "acme", null, "news:acme:akkamail")]
    [InlineData("news", "a:b\r\nc", "march sale", "march_sale:news:a_b__c:akkamail")]
    public void A_feedback_id_has_fields_that_cannot_break_out(
        string stream, string tenant, string? campaign, string id) =>
        Assert.Equal(id, FeedbackId.Of(stream, tenant, campaign));
}

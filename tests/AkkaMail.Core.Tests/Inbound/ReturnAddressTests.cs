using AkkaMail.Core.Ids;
using AkkaMail.Core.Inbound;
using AkkaMail.Core.Seals;

namespace AkkaMail.Core.Tests.Inbound;

public class ReturnAddressTests
{
    private static readonly byte[] Key = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];
    private static readonly MessageId Message = new(SubmissionId.Create(3, DateTimeOffset.UnixEpoch.AddDays(1), 42), 7);

    private static readonly ReturnAddresses Ours = new(
        domain => domain is "bounce.example.com" or "mx.engine.test", "dmarc@reports.test", "tls@reports.test", Key);

    public static TheoryData<string, ReturnDoor, string?> Known => new()
    {
        { "fbl@bounce.example.com", ReturnDoor.Feedback, null },
        { "FBL+Yahoo@BOUNCE.example.com", ReturnDoor.Feedback, "yahoo" },
        { "dmarc@Reports.test", ReturnDoor.Dmarc, null },   // Wherever it is: its owner has asked for the reports.
        { "tls@reports.test", ReturnDoor.Tls, null },
        { "postmaster@mx.engine.test", ReturnDoor.People, null },
        { "Postmaster", ReturnDoor.People, null },   // RFC 5321 §4.5.1
        { "abuse@bounce.example.com", ReturnDoor.People, null },
    };

    [Theory, MemberData(nameof(Known))]
    public void An_address_of_ours_has_its_door(string recipient, ReturnDoor door, string? loop)
    {
        var refusal = Ours.Read(recipient, out var address);

        Assert.Null(refusal);
        Assert.Equal(new(door, null, loop), address);
    }

    [Fact]
    public void A_return_path_names_its_message_whatever_a_relay_did_to_its_case()
    {
        var path = VerpAddress.Of(Message, "bounce.example.com", Key);

        Assert.Null(Ours.Read(path, out var made));
        Assert.Null(Ours.Read(path.ToUpperInvariant(), out var shouted));

        Assert.Equal(new(ReturnDoor.ReturnPath, Message, null), made);
        Assert.Equal(made, shouted);
    }

    public static TheoryData<string, ReturnRefusal> Unknown => new()
    {
        { "ann@bounce.example.com", ReturnRefusal.NoSuchAddress },
        { "fblx@bounce.example.com", ReturnRefusal.NoSuchAddress },
        { "fbl+@bounce.example.com", ReturnRefusal.NoSuchAddress },
        { $"fbl+{new string('a', 41)}@bounce.example.com", ReturnRefusal.NoSuchAddress },
        { "fbl+a b@bounce.example.com", ReturnRefusal.NoSuchAddress },
        { "postmaster@elsewhere.test", ReturnRefusal.ForeignDomain },
        { "ann@elsewhere.test", ReturnRefusal.ForeignDomain },
        { "ann", ReturnRefusal.ForeignDomain },
        { "b+@bounce.example.com", ReturnRefusal.Forged },
        { "b+aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@bounce.example.com", ReturnRefusal.Forged },
    };

    [Theory, MemberData(nameof(Unknown))]
    public void All_else_is_refused(string recipient, ReturnRefusal refusal) =>
        Assert.Equal(refusal, Ours.Read(recipient, out _));

    [Fact]
    public void A_return_path_with_one_letter_changed_or_of_another_installation_is_forged()
    {
        var path = VerpAddress.Of(Message, "bounce.example.com", Key);
        var other = VerpAddress.Of(Message, "bounce.example.com", [.. Key.Reverse()]);

        for (var i = 2; i < path.IndexOf('@', StringComparison.Ordinal) - 1; i++)
        {
            var changed = $"{path[..i]}{(path[i] == 'a' ? 'b' : 'a')}{path[(i + 1)..]}";
            Assert.Equal(ReturnRefusal.Forged, Ours.Read(changed, out _));
        }
        Assert.Equal(ReturnRefusal.Forged, Ours.Read(other, out _));
    }
}

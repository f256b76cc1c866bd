using AkkaMail.Core.Domains;

namespace AkkaMail.Core.Tests.Domains;

public sealed class KeyRotationTests
{
    private const DkimAlgorithm Rsa = DkimAlgorithm.RsaSha256;
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private static SendingDomain New() => KeyRotation.Apply(SendingDomain.Of("example.com"),
    [
        new KeyAdded(Noon, "akkamail-r1", Rsa, "A"), new KeyAdded(Noon, "akkamail-r2", Rsa, "B"),
        new KeyAdded(Noon, "akkamail-e1", DkimAlgorithm.Ed25519Sha256, "C"),
    ]);

    private static SendingDomain Started() =>
        KeyRotation.Apply(New(), KeyRotation.Seen(New(), ["akkamail-r1", "akkamail-r2", "akkamail-e1"], Noon));

    [Fact]
    public void Nothing_signs_before_its_record_has_been_seen()
    {
        Assert.Empty(New().SigningAt(Noon));
        Assert.Equal(["akkamail-r2"], KeyRotation.Apply(New(), KeyRotation.Seen(New(), ["akkamail-r2"], Noon))
            .SigningAt(Noon).Select(k => k.Selector));
    }

    [Fact]
    public void The_first_key_of_each_algorithm_signs_and_the_second_waits()
    {
        Assert.Equal(["akkamail-r1", "akkamail-e1"], Started().SigningAt(Noon).Select(k => k.Selector));
        Assert.Equal(
            (KeyState.Pending, Noon), (Started().Find("akkamail-r2")!.State, Started().Find("akkamail-r2")!.SeenAt));
        Assert.Empty(KeyRotation.Seen(Started(), ["akkamail-r1", "akkamail-r2", "akkamail-e1"], Noon.AddDays(1)));
    }

    [Fact]
    public void During_the_overlap_mail_is_signed_by_the_key_of_its_acceptance_and_both_records_stay()
    {
        var (rotated, retires) = (Noon.AddDays(90), Noon.AddDays(93));
        var answer = Assert.IsType<Rotated>(KeyRotation.Rotate(Started(), Rsa, retires, rotated));
        var domain = KeyRotation.Apply(Started(), answer.Changes);

        Assert.Equal("akkamail-r1", domain.SigningAt(rotated.AddSeconds(-1)).First(k => k.Algorithm == Rsa).Selector);
        Assert.Equal("akkamail-r2", domain.SigningAt(rotated).First(k => k.Algorithm == Rsa).Selector);
        Assert.Equal(2, domain.SigningAt(rotated).Count());
        Assert.Empty(KeyRotation.Retire(domain, retires.AddTicks(-1)));
        Assert.Contains(DnsRecords.For(domain, new([], "m", "t")), r =>
            r.Name.StartsWith("akkamail-r1", StringComparison.Ordinal) && !r.IsRequired);
        Assert.Contains(DnsRecords.For(domain, new([], "m", "t")), r =>
            r.Name.StartsWith("akkamail-r2", StringComparison.Ordinal) && r.IsRequired);

        var after = KeyRotation.Apply(domain, KeyRotation.Retire(domain, retires));
        Assert.Equal(KeyState.Retired, after.Find("akkamail-r1")!.State);
        Assert.DoesNotContain(DnsRecords.For(after, new([], "m", "t")), r =>
            r.Name.StartsWith("akkamail-r1", StringComparison.Ordinal));
    }

    [Fact]
    public void A_rotation_needs_a_standby_that_is_published()
    {
        var unseen = KeyRotation.Apply(New(), KeyRotation.Seen(New(), ["akkamail-r1"], Noon));

        Assert.Contains("akkamail-r2._domainkey.example.com has not been seen",
            Assert.IsType<RotationRefused>(KeyRotation.Rotate(unseen, Rsa, Noon, Noon)).Reason,
                StringComparison.Ordinal);
        Assert.IsType<RotationRefused>(KeyRotation.Rotate(Started(), DkimAlgorithm.Ed25519Sha256, Noon, Noon));
    }

    [Fact]
    public void A_selector_is_never_used_again()
    {
        Assert.Equal(
            ("akkamail-r3", "akkamail-e2"), (New().NextSelector(Rsa), New().NextSelector(DkimAlgorithm.Ed25519Sha256)));
        Assert.Equal("akkamail-r1", SendingDomain.Of("example.com").NextSelector(Rsa));
        Assert.Equal((0, 1), (New().Wanted(Rsa), New().Wanted(DkimAlgorithm.Ed25519Sha256)));
    }
}

using AkkaMail.Server.Options;
using Microsoft.Extensions.Configuration;

namespace AkkaMail.Server.Tests.Options;

/// <summary>What an operator has set, and what is said when it cannot be.</summary>
public sealed class SettingsReaderTests
{
    private static (RetryOptions Retry, AkkaMailOptions Server, IReadOnlyList<string> Faults) Read(
        params (string Name, string? Value)[] settings)
    {
        var reader = new SettingsReader(new ConfigurationBuilder()
            .AddInMemoryCollection(settings.ToDictionary(s => s.Name, s => s.Value)).Build());
        var retry = reader.Read<RetryOptions>(RetryOptions.Section);
        var server = reader.Read<AkkaMailOptions>(AkkaMailOptions.Section);
        reader.FindUnknown();
        return (retry, server, reader.Faults);
    }

    private static string FaultOf(string name, string value) => Assert.Single(Read((name, value)).Faults);

    [Theory]
    [InlineData("10m", 600)]
    [InlineData("00:10:00", 600)]
    [InlineData("90s", 90)]
    [InlineData("2h", 7_200)]
    [InlineData("1d", 86_400)]
    [InlineData("00:00:01.5", 1.5)]
    [InlineData("1500ms", 1.5)]
    public void A_length_of_time_is_written_in_either_form(string text, double seconds)
    {
        var read = Read(("AkkaMail:Retry:FirstDelay", text), ("AkkaMail:Retry:MaxDelay", "1.12:00:00"));

        Assert.Empty(read.Faults);
        Assert.Equal(seconds, read.Retry.FirstDelay.TotalSeconds);
        Assert.Equal(TimeSpan.FromHours(36), read.Retry.MaxDelay);
    }

    [Theory]
    [InlineData("10")]      // Ten days, for .NET.
    [InlineData("10 m")]
    [InlineData("-1s")]
    [InlineData("-00:10:00")]
    [InlineData("10:00")]
    [InlineData("99999999999s")]
    [InlineData("25:00:00")]
    public void What_is_no_length_of_time_is_told_with_its_name(string text) =>
        Assert.Equal($"AkkaMail:Retry:FirstDelay is '{text}', which is not a duration like 90s, 10m or 00:10:00.",
            FaultOf("AkkaMail:Retry:FirstDelay", text));

    [Theory]
    [InlineData("AkkaMail:Retry:FirstDelay", "2d", "AkkaMail:Retry:FirstDelay is 2d; 1s to 1d is allowed.")]
    [InlineData("AkkaMail:Retry:Jitter", "0.6", "AkkaMail:Retry:Jitter is 0.6; 0 to 0.5 is allowed.")]
    [InlineData("AkkaMail:Retry:Jitter", "0,1", "AkkaMail:Retry:Jitter is '0,1', which is not a number.")]
    [InlineData("AkkaMail:Ledgers", "1e3", "AkkaMail:Ledgers is '1e3', which is not a whole number.")]
    [InlineData("AkkaMail:Ledgers", "99999999999", "AkkaMail:Ledgers is '99999999999', which is not a whole number.")]
    [InlineData("AkkaMail:AdminKey", "short", "AkkaMail:AdminKey has 5 characters; it needs at least 16.")]
    [InlineData("AkkaMail:PublicUrl", "mail.test", "AkkaMail:PublicUrl is 'mail.test', which is not an http or https address.")]
    [InlineData("AkkaMail:TrustedProxies", "10.0.0.1/33",
        "AkkaMail:TrustedProxies (10.0.0.1/33) is neither an address nor a network like 10.1.0.0/16.")]
    public void A_value_that_cannot_be_is_a_sentence_with_the_setting_s_name(string name, string value, string says) =>
        Assert.Equal(says, FaultOf(name, value));

    [Theory]
    [InlineData("AkkaMail:Rety:FirstDelay", "AkkaMail:Rety:FirstDelay is not a setting: did you mean AkkaMail:Retry:FirstDelay?")]
    [InlineData("AkkaMail:AdminKey:0", "AkkaMail:AdminKey:0 is not a setting: did you mean AkkaMail:AdminKey?")]
    [InlineData("AkkaMail_AdminKey", "AkkaMail_AdminKey is not a setting: did you mean AkkaMail:AdminKey?")]
    [InlineData("AkkaMail:Nope", "AkkaMail:Nope is not a setting: they are all in docs/reference/settings.md.")]
    public void A_name_that_no_setting_has_is_no_setting(string name, string says) =>
        Assert.Equal(says, FaultOf(name, "0123456789abcdef"));

    [Fact]
    public void Case_does_not_matter_and_other_people_s_names_are_not_ours()
    {
        var read = Read(("AKKAMAIL:RETRY:FIRSTDELAY", "1m"), ("AKKAMAIL_KEY", "am_x"),
            ("AKKAMAIL_URL", "x"), ("AKKAMAIL", "x"), ("Nope", "x"));

        Assert.Empty(read.Faults);
        Assert.Equal(TimeSpan.FromMinutes(1), read.Retry.FirstDelay);
    }

    [Fact]
    public void What_is_empty_is_unset()
    {
        var read = Read(("AkkaMail:Retry:FirstDelay", ""), ("AkkaMail:Ledgers", " "), ("AkkaMail:PublicUrl", ""),
            ("AkkaMail:Nope", ""));

        Assert.Empty(read.Faults);
        Assert.Equal((new RetryOptions().FirstDelay, null, null),
            (read.Retry.FirstDelay, read.Server.Ledgers, read.Server.PublicUrl));
    }

    [Fact]
    public void All_faults_are_told_at_once_and_contradictions_only_between_good_values()
    {
        var read = Read(("AkkaMail:Ledgers", "0"), ("AkkaMail:Retry:FirstDelay", "1d"), ("AkkaMail:Retry:Jitter", "x"));

        Assert.Equal(2, read.Faults.Count);
        Assert.Equal("AkkaMail:Retry:FirstDelay (1.00:00:00) is longer than AkkaMail:Retry:MaxDelay (04:00:00).",
            FaultOf("AkkaMail:Retry:FirstDelay", "1d"));
    }
}

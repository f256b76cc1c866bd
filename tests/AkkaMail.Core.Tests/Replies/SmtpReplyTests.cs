using AkkaMail.Core.Replies;

namespace AkkaMail.Core.Tests.Replies;

public class SmtpReplyTests
{
    [Theory]
    [InlineData(550, "5.1.1 no such user", "5.1.1", "no such user")]
    [InlineData(550, "5.1.1", "5.1.1", "")]
    [InlineData(550, "no such user", null, "no such user")]
    [InlineData(451, "4.7.500 Server busy", "4.7.500", "Server busy")]
    [InlineData(250, "2.0.0 Ok: queued as 1A2B", "2.0.0", "Ok: queued as 1A2B")]
    [InlineData(550, "4.1.1 a class that contradicts the code is text", null,
        "4.1.1 a class that contradicts the code is text")]
    [InlineData(550, "5.1.1.4 is no code", null, "5.1.1.4 is no code")]
    [InlineData(421, "", null, "")]
    public void The_enhanced_code_is_read_off_the_front(int code, string text, string? enhanced, string rest)
    {
        var reply = SmtpReply.Parse(code, text);

        Assert.Equal(enhanced, reply.Enhanced?.ToString());
        Assert.Equal(rest, reply.Text);
    }

    [Fact]
    public void Foreign_text_is_cut_and_never_in_the_middle_of_a_character()
    {
        var reply = SmtpReply.Parse(550, new string('x', SmtpReply.TextMax - 1) + "😀 and more");

        Assert.Equal(SmtpReply.TextMax - 1, reply.Text.Length);
    }

    [Fact]
    public void The_recipients_address_is_replaced_however_it_is_written()
    {
        var reply = SmtpReply.Parse(550, "5.1.1 <BOB@x.test>: bob@x.test unknown").WithoutAddress("bob@x.test");

        Assert.Equal("<{recipient}>: {recipient} unknown", reply.Text);
    }
}

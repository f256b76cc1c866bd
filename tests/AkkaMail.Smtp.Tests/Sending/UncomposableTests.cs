using AkkaMail.Core.Attempts;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Mail;
using AkkaMail.Core.Replies;
using AkkaMail.Smtp.Composing;
using AkkaMail.Smtp.Sending;
using AkkaMail.Smtp.Signing;
using static AkkaMail.Smtp.Tests.Mails;

namespace AkkaMail.Smtp.Tests.Sending;

/// <summary>What will fail at every try ends at the first; what may be over later does not.</summary>
public sealed class UncomposableTests
{
    private readonly List<(MessageId, Exception)> _faults = [];

    private SmtpDelivery Delivery(StoredMail mail, OutgoingIdentity? identity = null) =>
        Deliveries.To(1, mail, options => options with
        {
            Identity = identity ?? OutgoingIdentity.None,
            Uncomposable = (message, fault) => _faults.Add((message, fault)),
        });

    /// <summary>Each as it may be read from a damaged row, or be left by a bug of ours.</summary>
    public static TheoryData<string> Contents => ["no attachments", "no headers", "no subject", "half a file"];

    private static StoredMail Bad(string kind)
    {
        var good = Mail();
        return kind switch
        {
            "no attachments" => good with { Content = good.Content with { Attachments = default } },
            "no headers" => good with { Envelope = good.Envelope with { Headers = default } },
            "no subject" => good with { Content = good.Content with { Subject = null! } },
            _ => good with { Content = good.Content with { Attachments = [new("a", "text/plain", null, (Octets)null!)] } },
        };
    }

    [Theory]
    [MemberData(nameof(Contents))]
    public async Task Content_that_no_mail_can_be_made_of_fails_at_once_and_is_logged_once(string kind)
    {
        await using var delivery = Delivery(Bad(kind));

        var attempt = await delivery.Once();

        Assert.Equal((AttemptEnd.Unsendable, SmtpStep.Compose, ReplyOrigin.Us, ReplyClass.Own),
            (attempt.End, attempt.Step, attempt.Reply.Origin, attempt.Judged.Class));
        Assert.Equal((0, "5.6.0"), (attempt.Reply.Code, attempt.Reply.Enhanced.ToString()));
        var (message, fault) = Assert.Single(_faults);
        Assert.Equal(new MessageId(Id, 0), message);
        Assert.Equal($"This content cannot be composed ({fault.GetType().Name}).", attempt.Reply.Text);
    }

    [Fact]
    public async Task What_a_sender_may_not_write_fails_by_the_same_rule_and_is_no_fault_of_ours()
    {
        await using var delivery = Delivery(Mail(headers: [new("From", "x@y.z")]));

        var attempt = await delivery.Once();

        Assert.Equal((AttemptEnd.Unsendable, "5.6.0"), (attempt.End, attempt.Reply.Enhanced.ToString()));
        Assert.Empty(_faults);
    }

    [Fact]
    public async Task A_recipient_that_the_envelope_has_not_is_content_that_cannot_be_read()
    {
        await using var delivery = Delivery(Mail());

        var attempt = await delivery.Once(index: 7);

        Assert.Equal((AttemptEnd.Unsendable, "The mail's content cannot be read"), (attempt.End, attempt.Reply.Text));
    }

    [Fact]
    public async Task A_signing_key_that_is_missing_is_waited_for()
    {
        await using var delivery = Delivery(
            Mail(), new() { SignFor = (_, _) => throw new SigningKeyException("The key is away.") });

        Assert.Equal(AttemptEnd.NotStarted, (await delivery.Once()).End);
        Assert.Empty(_faults);
    }

    /// <summary>Its deferral is the lane's to make: the content is as good as before.</summary>
    [Theory]
    [InlineData(typeof(InvalidOperationException))]
    [InlineData(typeof(ObjectDisposedException))]
    public async Task A_bug_beside_the_content_is_not_the_contents_fault(Type kind)
    {
        var thrown = kind == typeof(ObjectDisposedException) ? new ObjectDisposedException("key")
            : new InvalidOperationException() as Exception;
        await using var delivery = Delivery(Mail(), new() { ReturnPath = (_, _) => throw thrown });

        Assert.Same(thrown, await Assert.ThrowsAnyAsync<Exception>(() => delivery.Once()));
        Assert.Empty(_faults);
    }

    /// <summary>Composing reads files from the store; what is half sent when they stop is tried again.</summary>
    [Theory]
    [InlineData(0, AttemptEnd.NotStarted)]
    [InlineData(1, AttemptEnd.Answered)]
    public async Task Files_that_cannot_be_read_now_are_waited_for(int reads, AttemptEnd end)
    {
        await using var sink = await TestSink.TestSink.StartAsync();
        var mail = Mail(attachments: [new("a", "b/c", null, new Failing(reads))]);
        await using var delivery = Deliveries.To(sink.Port, mail);

        var attempt = await delivery.Once();

        Assert.Equal(end, attempt.End);
        Assert.Empty(sink.Mails);
    }

    /// <summary>Can be opened and read so many times.</summary>
    private sealed class Failing(int reads) : Octets
    {
        private int _left = reads;

        public override long Length => 100_000;

        public override Stream Open() => new FailingStream(this);

        private sealed class FailingStream(Failing octets) : MemoryStream(new byte[100_000])
        {
            private void Look()
            {
                if (Position == 0 && octets._left-- <= 0) throw new StoreException("The content store", "locked");
            }

            public override int Read(byte[] buffer, int offset, int count)
            {
                Look();
                return base.Read(buffer, offset, count);
            }

            public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
            {
                Look();
                return Task.FromResult(base.Read(buffer, offset, count));
            }
        }
    }

    [Fact]
    public async Task A_store_that_does_not_answer_is_waited_for()
    {
        await using var delivery = new SmtpDelivery(Deliveries.Relay(1),
            (_, _, _) => throw new StoreException("The content store", "locked"), null, TimeProvider.System);

        Assert.Equal(AttemptEnd.NotStarted, (await delivery.Once()).End);
    }
}

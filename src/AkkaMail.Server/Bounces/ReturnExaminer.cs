using System.Collections.Immutable;
using System.Net;
using AkkaMail.Core.Bounces;
using AkkaMail.Core.Bounces.Returned;
using AkkaMail.Core.Messages;
using AkkaMail.Server.Composition;
using AkkaMail.Server.Domains;
using AkkaMail.Server.Options;
using AkkaMail.Smtp.Authentication;
using AkkaMail.Smtp.Bounces;
using AkkaMail.Storage.Bounces;
using Microsoft.Extensions.Options;
using MimeKit;

namespace AkkaMail.Server.Bounces;

/// <summary>
/// A mail as far as it can be known without our own books. <paramref name="Verdict"/> is null when DNS took too long, or
/// the mail is too large to be worth it; <paramref name="Message"/> when it names none of ours.
/// </summary>
internal sealed record ExaminedMail(
    ReturnedMail Mail, ReadOnlyMemory<byte> Bytes, InboundVerdict? Verdict, ImmutableArray<BounceResult> Results,
    MessageId? Message, string Version)
{
    /// <summary>The From domain's owner disowns such mail, and no name server was merely silent.</summary>
    public bool IsDisowned => Verdict is
    {
        Dmarc: { Result: DmarcResult.Fail, Request: Core.Domains.DmarcRequest.Reject or Core.Domains.DmarcRequest.Quarantine }
    };

    /// <summary>Who says it: the loop its address names, a domain that DNS vouches for, or what it called itself.</summary>
    public string Reporter =>
        Mail is { Door: ReturnDoor.Feedback, Reading.Reporter: { } loop } ? loop
        : Verdict is { Dmarc: { Result: DmarcResult.Pass, FromDomain: var from } } ? from
        : Verdict?.Dkim.FirstOrDefault(d => d.Result == DkimResult.Pass) is { Domain: var signer } ? signer
        : Verdict is { Spf: { Result: SpfResult.Pass, Domain: var sender } } ? sender
        : Mail.Helo.Length > 0 ? Mail.Helo : Mail.Remote;
}

/// <summary>Who sent a mail, and what it says. Asks DNS and nothing else.</summary>
internal sealed class ReturnExaminer(
    InboundAuthentication authentication, BouncesFile rules, DomainSecrets secrets, ReturnedStore store,
    IOptions<SmtpOptions> smtp)
{
    /// <summary>Larger mails are read in part (a bounce says what it has to say before the mail it returns) and not verified.</summary>
    private const int VerifiedBytesMax = 1024 * 1024;

    private static readonly TimeSpan DnsTimeout = TimeSpan.FromSeconds(20);

    /// <summary>Null when its octets are gone.</summary>
    public async Task<ExaminedMail?> Examine(ReturnedMail mail, CancellationToken cancel)
    {
        if (await store.Body(mail.Id, cancel) is not { } bytes) return null;
        var verdict = await Verify(mail, bytes, cancel);
        var now = rules.Current;
        if (mail.Door is not (ReturnDoor.ReturnPath or ReturnDoor.Feedback))
            return new(mail, bytes, verdict, [], null, now.Version);
        var read = BounceMailReader.Read(bytes);
        // A return path is sealed by itself. What came to a loop's address has to have a seal of ours in it.
        var message = mail.Door == ReturnDoor.ReturnPath ? mail.Reading.Message
            : MessageReference.Find(read, secrets.TokenKey);
        return new(mail, bytes, verdict, BounceMails.Parse(read, now), message, now.Version);
    }

    private async Task<InboundVerdict?> Verify(ReturnedMail mail, byte[] bytes, CancellationToken cancel)
    {
        var hasToBe = mail.Door is ReturnDoor.Dmarc or ReturnDoor.Tls
            || mail.Door == ReturnDoor.People && smtp.Value.ForwardTo is not null;
        if (bytes.Length > VerifiedBytesMax && !hasToBe || !IPAddress.TryParse(mail.Remote, out var remote)) return null;
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        timeout.CancelAfter(DnsTimeout);
        try
        {
            using var message = await new MimeParser(ParserOptions.Default, new MemoryStream(bytes, writable: false))
                .ParseMessageAsync(timeout.Token);
            return await authentication.EvaluateAsync(
                message, new(remote, mail.Helo, mail.MailFrom), timeout.Token).WaitAsync(timeout.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested) { return null; }
        catch (FormatException) { return null; }   // No MIME at all: nobody can have signed it.
    }
}

using System.Collections.Immutable;
using System.Net;
using AkkaMail.Core.Domains;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Inbound;
using AkkaMail.Core.Replies;
using AkkaMail.Server.Domains;
using AkkaMail.Server.Rules;
using AkkaMail.Smtp.Authentication;
using AkkaMail.Smtp.Inbound;
using AkkaMail.Storage.Inbound;

namespace AkkaMail.Server.Inbound;

/// <summary>
/// A mail as far as it can be known without our own books. <paramref name="Verdict"/> is null when nobody can say who
/// sent it: DNS did not answer in time, or with <paramref name="IsUnreadable"/> it is no mail at all.
/// <paramref name="Message"/> is null when it names none of ours.
/// </summary>
internal sealed record ExaminedMail(
    InboundMail Mail, ReadOnlyMemory<byte> Bytes, InboundVerdict? Verdict, bool IsUnreadable,
    ImmutableArray<BounceResult> Results, MessageId? Message, string Version)
{
    /// <summary>The From domain's owner disowns such mail, and no name server was merely silent.</summary>
    public bool IsDisowned => Verdict is
    {
        Dmarc: { Result: DmarcResult.Fail, Request: Core.Domains.DmarcRequest.Reject or Core.Domains.DmarcRequest.Quarantine }
    };

    /// <summary>The domain that DNS says sent it.</summary>
    public string? VerifiedSender =>
        Verdict is { Dmarc: { Result: DmarcResult.Pass, FromDomain: var from } } ? from
        : Verdict?.Dkim.FirstOrDefault(d => d.Result == DkimResult.Pass) is { Domain: var signer } ? signer
        : Verdict is { Spf: { Result: SpfResult.Pass, Domain: var sender } } ? sender : null;

    /// <summary>
    /// Who says it: the loop its address names, a domain that DNS vouches for, or what its host called itself. It is
    /// journaled, so a name that is none (an address, say) is left out.
    /// </summary>
    public string Reporter => Mail.Loop ?? VerifiedSender
        ?? (IsHost(Mail.Envelope.Helo) ? Mail.Envelope.Helo : Mail.Envelope.Remote);

    /// <summary>RFC 5321 §4.1.3: a domain or an address literal.</summary>
    private static bool IsHost(string helo) =>
        helo.Length > 0 && helo.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' or '[' or ']' or ':');
}

/// <summary>Who sent a mail, and what it says. Asks DNS and nothing else.</summary>
internal sealed class ReturnExaminer(
    InboundAuthentication authentication, BouncesFile rules, DomainSecrets secrets, InboundStore store)
{
    /// <summary>
    /// Larger bounces are read in part (they say what they have to say before the mail they return) and not verified.
    /// </summary>
    private const int VerifiedBytesMax = 1024 * 1024;

    /// <summary>
    /// What has a seal is judged by it, and waits hardly for DNS; of all else DNS is all that is known.
    /// </summary>
    private static readonly TimeSpan SealedTimeout = TimeSpan.FromSeconds(2), OpenTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Null when its octets are gone.</summary>
    public async Task<ExaminedMail?> Examine(InboundMail mail, CancellationToken cancel)
    {
        if (await store.Body(mail.Id, cancel) is not { } bytes) return null;
        var (verdict, isUnreadable) = await Verify(mail, bytes, cancel);
        var now = rules.Current;
        if (mail.Door is not (ReturnDoor.ReturnPath or ReturnDoor.Feedback))
            return new(mail, bytes, verdict, isUnreadable, [], null, now.Version);
        var read = BounceMailReader.Read(bytes);
        // A return path is sealed by itself. What came to a loop's address has to have a seal of ours in it.
        var message = mail.Door == ReturnDoor.ReturnPath ? mail.Reading.Message
            : MessageReference.Find(read, secrets.TokenKey);
        return new(mail, default, verdict, isUnreadable, BounceMails.Parse(read, now), message, now.Version);
    }

    private async Task<(InboundVerdict? Verdict, bool IsUnreadable)> Verify(
        InboundMail mail, byte[] bytes, CancellationToken cancel)
    {
        var isSealed = mail.Door == ReturnDoor.ReturnPath;
        if (bytes.Length > VerifiedBytesMax && isSealed || !IPAddress.TryParse(mail.Envelope.Remote, out var remote))
            return (null, false);
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        timeout.CancelAfter(isSealed ? SealedTimeout : OpenTimeout);
        try
        {
            return (await authentication.EvaluateAsync(
                bytes, new(remote, mail.Envelope.Helo, mail.Envelope.MailFrom), timeout.Token)
                .WaitAsync(timeout.Token), false);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested) { return (null, false); }
        catch (FormatException) { return (null, true); }   // No MIME at all: nobody can have signed it.
    }
}

using System.Collections.Immutable;
using AkkaMail.Core.Domains;
using AkkaMail.Core.Mail;
using AkkaMail.Smtp.Resolving;
using MimeKit;

namespace AkkaMail.Smtp.Authentication;

/// <summary>DMARC of a mail (RFC 7489 §6.6) from what SPF and DKIM have found.</summary>
internal sealed class DmarcCheck(DnsQueries dns)
{
    public async Task<DmarcVerdict> RunAsync(MimeMessage mail, SpfVerdict spf, ImmutableArray<DkimVerdict> dkim)
    {
        // §6.6.1: with no From or several domains in it there is nothing to protect by; such mail is refused elsewhere.
        var domains = mail.From.Mailboxes.Select(m => Mailbox.ToAscii(m.Domain)).Distinct().ToList();
        if (domains is not [{ } from] || mail.Headers.Count(h => h.Id == HeaderId.From) != 1)
            return new(DmarcResult.PermError, "", DmarcRequest.None);
        try
        {
            var organization = OrganizationalDomain.Of(from);
            var own = await PolicyAsync(from);
            var policy = own ?? (organization == from ? null : await PolicyAsync(organization));
            var isSigned = dkim.Any(d => d is { Result: DkimResult.Pass, IsPartial: false }
                && OrganizationalDomain.IsAligned(from, d.Domain, policy?.StrictDkim ?? false));
            if (policy is null) return new(DmarcResult.None, from, DmarcRequest.None) { IsSigned = isSigned };
            var passes = (spf.Result == SpfResult.Pass
                    && OrganizationalDomain.IsAligned(from, spf.Domain, policy.StrictSpf))
                || dkim.Any(d => d.Result == DkimResult.Pass
                    && OrganizationalDomain.IsAligned(from, d.Domain, policy.StrictDkim));
            var request = own is null ? policy.SubdomainPolicy : policy.Policy;
            // A silent name server must not turn into a refusal by p=reject.
            var mayPass = spf.Result == SpfResult.TempError || dkim.Any(d => d.Result == DkimResult.TempError);
            return new(passes ? DmarcResult.Pass : mayPass ? DmarcResult.TempError : DmarcResult.Fail,
                from, request, policy.Percent)
            { IsSigned = isSigned };
        }
        catch (DnsFaultException) { return new(DmarcResult.TempError, from, DmarcRequest.None); }
    }

    private async Task<DmarcPolicy?> PolicyAsync(string domain)
    {
        var reply = await dns.Txt($"_dmarc.{domain}");
        if (reply.Outcome == DnsOutcome.Fault) throw new DnsFaultException(reply.Problem!);
        var records = reply.Records.Select(r => string.Concat(r.Text))
            .Where(r => r.StartsWith("v=DMARC1", StringComparison.Ordinal)).ToList();
        return records.Count == 1 ? DmarcPolicy.Parse(records[0]) : null;   // §6.6.3
    }
}

internal sealed class DnsFaultException(string reason) : Exception(reason);

using AkkaMail.Engine.Tenants;
using AkkaMail.Server.Options;
using AkkaMail.Server.Refusals;
using Microsoft.Extensions.Options;

namespace AkkaMail.Server.Messages;

/// <summary>Whether a tenant may send from a domain: only from one it has proved to be its own.</summary>
internal sealed class SenderRules(
    AccountsView accounts, IOptions<DomainsOptions> domains, IOptions<DeliveryOptions> delivery, TimeProvider time)
{
    /// <summary>Everything goes to one host of the operator, who answers for it and perhaps signs it.</summary>
    private bool IsOpen => domains.Value.AllowUnverified || delivery.Value.HasRelay;

    /// <summary>Null: it may.</summary>
    public Refusal? Refuse(string tenant, string from)
    {
        if (IsOpen) return null;
        if (accounts.Current is not { } now) return Refusal.Unavailable("The domains have not been read yet.");
        return now.Domains.MaySend(tenant, from, time.GetUtcNow(), domains.Value.Grace) ? null
            : Refusal.Field("from", $"is of {from}, which is not verified for this tenant: add it by POST /v1/domains, "
                + $"publish its records, then POST /v1/domains/{from}/verify") with
            { Code = RefusalCode.SenderNotVerified };
    }
}

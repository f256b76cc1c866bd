using Akka.Actor;
using Akka.Event;
using AkkaMail.Core.Attempts;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Lanes;
using AkkaMail.Core.Messages;
using AkkaMail.Core.Shaping;
using AkkaMail.Engine.Protocol;

namespace AkkaMail.Engine.Delivery;

/// <summary>From a recipient's domain to the site that counts it, and to the desk of its pool there.</summary>
public sealed partial class DeliveryActor
{
    /// <summary>
    /// Look-ups under way; the ledgers repeat their word every 10 s, so what is beyond waits for that.
    /// </summary>
    private const int LookupsMax = 500;

    private readonly Dictionary<(string Site, string Pool), Desk> _desks = [];
    private readonly Dictionary<string, SiteAnswer> _sites = [];
    private readonly Dictionary<string, List<object>> _lookups = [];

    /// <summary>Brings a ledger's word or its mail to the right desk, as soon as it is known which.</summary>
    private void Direct(QueueKey queue, object message)
    {
        var domain = queue.Domain;
        // From here on this node has it, wherever it waits.
        if (message is HandedOut handed)
            foreach (var m in handed.Messages) _atHand[m.Attempt] = m;
        if (_sites.TryGetValue(domain, out var known) && known.Until > Now) { Place(message, known.Site); return; }
        if (_lookups.TryGetValue(domain, out var waiting)) { waiting.Add(message); return; }
        if (_lookups.Count >= LookupsMax)
        {
            if (message is HandedOut h) Refuse(h, "too many look-ups are under way");
            return;
        }
        _lookups.Add(domain, [message]);
        var found = _parts.Shaping.ResolveSite(domain, _stopping.Token);
        if (found.IsCompletedSuccessfully) Found(found.Result with { Domain = domain });
        else
            found.AsTask().PipeTo(Self, success: answer => new SiteFound(answer with { Domain = domain }),
                // A bug in there must not hold the mail: the domain is its own site, for a minute.
                failure: e => new SiteFound(new(domain, domain, null, $"the look-up failed: {e.GetType().Name}", [],
                    Now.AddMinutes(1))));
    }

    private void Found(SiteAnswer answer)
    {
        if (_sites.GetValueOrDefault(answer.Domain)?.Site != answer.Site) _parts.Shaping.NoteSite(answer);
        if (_sites.Count >= Settings.SitesMax)
            foreach (var (domain, old) in _sites)
                if (old.Until <= Now) _sites.Remove(domain);
        if (_sites.Count < Settings.SitesMax || _sites.ContainsKey(answer.Domain))
        {
            if (_sites.TryGetValue(answer.Domain, out var before) && before.Site != answer.Site) Move(before, answer);
            _sites[answer.Domain] = answer;
        }
        if (!_lookups.Remove(answer.Domain, out var waiting)) return;
        foreach (var message in waiting) Place(message, answer.Site);
    }

    private void Move(SiteAnswer before, SiteAnswer after)
    {
        _log.Info("{0} belongs to {1} now, no longer to {2}", after.Domain, after.Site, before.Site);
        foreach (var desk in _desks.Values.Where(d => d.Site == before.Site))
            foreach (var line in desk.Lines)
                foreach (var feed in line.Feeds.Where(f => f.Queue.Domain == after.Domain).ToList()) line.Remove(feed);
    }

    private DeliverySettings Settings => _parts.Settings;

    private void Place(object message, string site)
    {
        switch (message)
        {
            case QueueHasMail m when Open(site, m.Queue) is { } desk:
                Place(desk, m.Partition, m.Queue, m.Count);
                Ask(desk);
                break;
            case HandedOut h when Open(site, h.Queue) is { } desk: Take(desk, h); break;
            case HandedOut h: Refuse(h, "too many lanes are live"); break;
        }
    }

    private LeasedBudget? TenantLimit(string tenant) =>
        SharedLimits.OfTenant(_parts.Shaping.Rules(), tenant) is { } limit ? BudgetOf(limit) : null;

    private Line Place(Desk desk, int ledger, QueueKey queue, int count)
    {
        var line = desk.MailIn(ledger, queue, count);
        line.Limit = TenantLimit(queue.Tenant);
        line.Reputation = Reputation.Factor(_parts.ReputationOf(queue.Tenant));
        desk.LastUse = Now;
        RenewIfNew(desk);
        return line;
    }

    /// <summary>Null when there are too many lanes: a site beyond the bound waits for an idle one to end.</summary>
    private Desk? Open(string site, QueueKey queue)
    {
        var pool = _parts.Shaping.PoolOf(queue.Tenant, queue.Stream);
        if (_desks.TryGetValue((site, pool.Name), out var desk)) return desk;
        if (_lanes.Count >= Settings.LanesMax) return null;
        desk = new Desk(site, pool.Name) { LastUse = Now };
        _desks.Add((site, pool.Name), desk);
        foreach (var (source, weight) in pool.Sources.OrderBy(s => s.Key, StringComparer.Ordinal))
            desk.Lanes.Add((OpenLane(source, site, desk), weight));
        return desk;
    }
}

using AkkaMail.Core.Attempts;
using AkkaMail.Core.Messages;
using AkkaMail.Core.Shaping;

namespace AkkaMail.Engine.Delivery;

/// <summary>
/// Which site a recipient's domain belongs to, as far as this node knows, and what waits to hear it: the ledgers'
/// <c>QueueHasMail</c> and <see cref="HandedOut"/>. At most <paramref name="sitesMax"/> domains are
/// remembered.
/// </summary>
internal sealed class SiteLookups(int sitesMax)
{
    /// <summary>
    /// Look-ups under way; the ledgers repeat their word every 10 s, so what is beyond waits for that.
    /// </summary>
    private const int LookupsMax = 500;

    private readonly Dictionary<string, SiteAnswer> _sites = [];
    private readonly Dictionary<string, List<object>> _waiting = [];

    /// <summary>What has to happen for a message that waits.</summary>
    public enum Turn { LookUp, Wait, Refuse }

    /// <summary>Messages that wait for their site: this node has them.</summary>
    public IEnumerable<DueMessage> AtHand =>
        _waiting.Values.SelectMany(w => w).OfType<HandedOut>().SelectMany(h => h.Messages);

    public string? SiteOf(string domain, DateTimeOffset now) =>
        _sites.TryGetValue(domain, out var known) && known.Until > now ? known.Site : null;

    /// <summary>Also an answer that is to be asked for again: it is the best guess.</summary>
    public string? LastSiteOf(string domain) => _sites.GetValueOrDefault(domain)?.Site;

    public Turn Wait(string domain, object message)
    {
        if (_waiting.TryGetValue(domain, out var waiting))
        {
            waiting.Add(message);
            return Turn.Wait;
        }
        if (_waiting.Count >= LookupsMax) return Turn.Refuse;
        _waiting.Add(domain, [message]);
        return Turn.LookUp;
    }

    /// <summary>Remembers an answer; returns the one before, null when there was none.</summary>
    public SiteAnswer? Learn(SiteAnswer answer, DateTimeOffset now)
    {
        var before = _sites.GetValueOrDefault(answer.Domain);
        if (_sites.Count >= sitesMax)
            foreach (var (domain, old) in _sites)
                if (old.Until <= now) _sites.Remove(domain);
        if (_sites.Count < sitesMax || _sites.ContainsKey(answer.Domain)) _sites[answer.Domain] = answer;
        return before;
    }

    /// <summary>What waits for this domain stays known here until it is <see cref="Done"/>.</summary>
    public IReadOnlyList<object> WaitingFor(string domain) => _waiting.GetValueOrDefault(domain) ?? [];

    public void Done(string domain) => _waiting.Remove(domain);

    /// <summary>Nothing waits any more; what is found is for later mail.</summary>
    public IReadOnlyList<HandedOut> Clear()
    {
        var handed = _waiting.Values.SelectMany(w => w).OfType<HandedOut>().ToList();
        _waiting.Clear();
        return handed;
    }

    /// <summary>The rules have changed: each domain is asked for again with the next word of its mail.</summary>
    public void Expire()
    {
        foreach (var (domain, answer) in _sites) _sites[domain] = answer with { Until = default };
    }
}

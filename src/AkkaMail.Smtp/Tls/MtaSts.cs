using System.Collections.Concurrent;
using AkkaMail.Core.Tls;
using AkkaMail.Smtp.Resolving;

namespace AkkaMail.Smtp.Tls;

/// <summary>What came of fetching a policy: its text, or why there is none.</summary>
public readonly record struct FetchedPolicy(string? Text, TlsResult Problem = TlsResult.Successful);

/// <summary>Gets the policy file of a domain, within a bound of its own. Every outcome is a value.</summary>
public delegate Task<FetchedPolicy> FetchPolicy(string domain);

/// <summary>
/// The MTA-STS policies of recipients' domains (RFC 8461): announced by DNS, fetched by HTTPS, kept until they end.
/// </summary>
public sealed class MtaSts
{
    /// <summary>Domains whose policy is kept; at the bound those that have ended go, then any.</summary>
    private const int PoliciesMax = 20_000;

    /// <summary>RFC 8461 §3.3: a fetch that failed is not repeated sooner; nor is DNS asked again.</summary>
    private static readonly TimeSpan PauseMin = TimeSpan.FromMinutes(5);

    /// <summary>
    /// RFC 8461 §10.2: who wants a policy forgotten must block HTTPS for all of max_age, if we refresh early.
    /// </summary>
    private static readonly TimeSpan RefreshMax = TimeSpan.FromDays(1);

    private readonly ResolverOptions _options;
    private readonly DnsQueries _dns;
    private readonly FetchPolicy _fetch;
    private readonly TlsReports? _reports;
    private readonly TimeProvider _time;
    private readonly TtlCache<StsPolicy?> _answers;
    private readonly ConcurrentDictionary<string, Kept> _kept = new(StringComparer.OrdinalIgnoreCase);
    private readonly Func<string, Task<Timed<StsPolicy?>>> _ask;

    private sealed record Kept(StsPolicy Policy, DateTimeOffset RefreshAt, DateTimeOffset Until);

    /// <param name="reports">Where a policy that cannot be had is counted.</param>
    public MtaSts(ResolverOptions options, FetchPolicy fetch, TlsReports? reports, TimeProvider time)
    {
        (_options, _fetch, _reports, _time) = (options, fetch, reports, time);
        (_dns, _answers, _ask) = (new(options), new(options.CacheMax, time), AskAsync);
    }

    /// <summary>
    /// The policy to apply to mail for <paramref name="domain"/> (A-labels); null: none. Those who ask at once share
    /// one fetch.
    /// </summary>
    public async ValueTask<StsPolicy?> PolicyAsync(string domain, CancellationToken cancel) =>
        domain.StartsWith('[') ? null : (await _answers.GetAsync(domain, _ask, cancel)).Value;

    private async Task<Timed<StsPolicy?>> AskAsync(string domain)
    {
        var reply = await _dns.Txt($"_mta-sts.{domain}");
        var id = StsPolicy.ReadId([.. reply.Records.Select(r => string.Concat(r.Text))]);
        var now = _time.GetUtcNow();
        var kept = _kept.TryGetValue(domain, out var known) && known.Until > now ? known : null;
        // RFC 8461 §3.1: a record that has gone does not end a policy; its max_age does, or mode none.
        if (id is null || kept is not null && kept.Policy.Id == id && now < kept.RefreshAt)
            return Answer(kept, reply.Ttl, now);

        var (text, fault) = await _fetch(domain);
        now = _time.GetUtcNow();
        if (text is not null && StsPolicy.TryParse(text, out var policy, out _))
        {
            policy = policy with { Id = id };
            var refresh = policy.MaxAge / 2;
            kept = new(policy, now + (refresh < RefreshMax ? refresh : RefreshMax), now + policy.MaxAge);
            Keep(domain, kept, now);
            return Answer(kept, reply.Ttl, now);
        }
        // RFC 8461 §3.3: without a fresh one the old one holds; without an old one there is none.
        _reports?.Count(domain, kept?.Policy, text is null ? fault : TlsResult.StsPolicyInvalid, null);
        return Answer(kept, PauseMin, now);
    }

    private Timed<StsPolicy?> Answer(Kept? kept, TimeSpan ttl, DateTimeOffset now)
    {
        if (ttl < PauseMin) ttl = PauseMin;
        if (ttl > _options.TtlMax) ttl = _options.TtlMax;
        if (kept is null) return new(null, ttl);
        var left = kept.Until - now;
        if (left < ttl) ttl = left < _options.TtlMin ? _options.TtlMin : left;
        return new(kept.Policy.Mode == StsMode.None ? null : kept.Policy, ttl);
    }

    private void Keep(string domain, Kept kept, DateTimeOffset now)
    {
        if (_kept.Count >= PoliciesMax)
        {
            foreach (var pair in _kept)
                if (pair.Value.Until <= now) _kept.TryRemove(pair);
            foreach (var pair in _kept.Take(Math.Max(0, _kept.Count - PoliciesMax + PoliciesMax / 10)))
                _kept.TryRemove(pair);
        }
        _kept[domain] = kept;
    }
}

using AkkaMail.Core.Hygiene;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Mail;
using AkkaMail.Core.Suppression;
using AkkaMail.Server.Suppression;
using AkkaMail.Smtp.Resolving;

namespace AkkaMail.Server.Hygiene;

/// <summary>
/// What all checks of lists on this node share: how many run at once, and how many domains are looked up at once. The
/// resolver is one of their own: a list of 100,000 domains would throw out what delivery remembers.
/// </summary>
internal sealed class HygieneChecks(ResolverOptions dns, Suppressions suppressions, TimeProvider time) : IDisposable
{
    /// <summary>Checks at once, and of one tenant; one more gets 429.</summary>
    public const int RunningMax = 4, OfTenantMax = 2;

    /// <summary>Domains looked up at once, for all checks together.</summary>
    public const int LookUpsMax = 64;

    /// <summary>After it a check asks DNS no more: a list of dead domains would wait for each.</summary>
    public static readonly TimeSpan LookUpTime = TimeSpan.FromMinutes(30);

    private readonly MxResolver _resolver = new(
        dns with { CacheMax = 10_000, Retries = 1, Timeout = TimeSpan.FromSeconds(3) }, time, Random.Shared.Next);
    private readonly SemaphoreSlim _lookUps = new(LookUpsMax);
    private readonly Dictionary<string, int> _running = [];

    /// <summary>Null when as many as may are under way.</summary>
    public Run? Begin(string tenant, string stream)
    {
        lock (_running)
        {
            var own = _running.GetValueOrDefault(tenant);
            if (own >= OfTenantMax || _running.Values.Sum() >= RunningMax) return null;
            _running[tenant] = own + 1;
            return new(this, tenant, stream);
        }
    }

    public void Dispose() => _lookUps.Dispose();

    /// <summary>One check of a list.</summary>
    internal sealed class Run(HygieneChecks all, string tenant, string stream) : IDisposable
    {
        private readonly DateTimeOffset _until = all.Now + LookUpTime;
        private readonly Dictionary<string, Task<DomainFindings>> _domains = [];
        private readonly HashSet<Hash128> _seen = [];

        /// <summary>Called for one address after the other; the answers may be waited for together.</summary>
        public Task<HygieneLine> Check(long line, string address, CancellationToken cancel)
        {
            var problem = address.Contains('\uFFFD', StringComparison.Ordinal) ? "is not UTF-8" : null;
            if (problem is null && Mailbox.TryParse(address, out var mailbox, out problem))
                return Check(line, address, mailbox, !_seen.Add(all.Hash(mailbox)), cancel);
            return Task.FromResult(HygieneLine.Of(line, Shown(address), AddressFindings.NoAddress(problem!)));
        }

        private async Task<HygieneLine> Check(
            long line, string address, Mailbox mailbox, bool isDuplicate, CancellationToken cancel)
        {
            var domain = DomainOf(mailbox, cancel);
            var suppressed = await all.SuppressedBy(tenant, stream, mailbox, cancel);
            return HygieneLine.Of(line, address, AddressFindings.Of(mailbox, await domain, isDuplicate, suppressed));
        }

        private Task<DomainFindings> DomainOf(Mailbox mailbox, CancellationToken cancel)
        {
            var domain = mailbox.AsciiDomain;
            if (_domains.TryGetValue(domain, out var known)) return known;
            return _domains[domain] = all.LookUp(domain, _until, cancel);
        }

        public void Dispose()
        {
            lock (all._running)
                if (--all._running[tenant] == 0) all._running.Remove(tenant);
        }
    }

    /// <summary>What is no address can be anything, and as long as a cell.</summary>
    private static string Shown(string address) =>
        address.Length <= Mailbox.AddressMax ? address : address[..Mailbox.AddressMax];

    private DateTimeOffset Now => time.GetUtcNow();

    private Hash128 Hash(Mailbox mailbox) => suppressions.OfAddress(mailbox);

    private ValueTask<SuppressionOrigin?> SuppressedBy(
        string tenant, string stream, Mailbox mailbox, CancellationToken cancel) =>
        suppressions.OriginOf(tenant, stream, mailbox, cancel);

    private async Task<DomainFindings> LookUp(string domain, DateTimeOffset until, CancellationToken cancel)
    {
        await _lookUps.WaitAsync(cancel);
        try
        {
            var mx = Now >= until ? MxKind.Unknown : (await _resolver.ExchangesAsync(domain, cancel)).Kind;
            return DomainFindings.Of(domain, mx);
        }
        finally { _lookUps.Release(); }
    }
}

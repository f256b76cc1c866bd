using System.Collections.Concurrent;
using System.Net;
using AkkaMail.Core.Leases;
using AkkaMail.Core.Networks;

namespace AkkaMail.Server.Access;

/// <summary>
/// How often an address (of IPv6 the /64) has come with a wrong key: <see cref="Burst"/> at once, then
/// <see cref="PerMinute"/>. A right key always passes: 256 random bits are not guessed, and who shares an address with
/// somebody who tries must not suffer. At <see cref="AddressesMax"/> addresses all of them begin anew.
/// </summary>
internal sealed class FailedKeys(TimeProvider time)
{
    public const int Burst = 20, PerMinute = 10, AddressesMax = 10_000;

    private readonly ConcurrentDictionary<IPAddress, Entry> _addresses = new();

    private sealed class Entry { public Gcra Pace; }

    /// <summary>Counts one more; how long to wait before the next is looked at, zero: no need.</summary>
    public TimeSpan Count(IPAddress? address)
    {
        if (_addresses.Count >= AddressesMax) _addresses.Clear();
        var entry = _addresses.GetOrAdd(ClientNetwork.Of(address ?? IPAddress.None), _ => new());
        lock (entry)
        {
            var now = time.GetUtcNow();
            var wait = entry.Pace.Wait(PerMinute / 60.0, Burst, now);
            if (wait == TimeSpan.Zero) entry.Pace.Take(PerMinute / 60.0, now);
            return wait;
        }
    }
}

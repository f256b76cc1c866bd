using System.Collections.Immutable;
using System.Diagnostics;

namespace AkkaMail.Core.Domains;

/// <summary>A fact about a domain's keys.</summary>
public abstract record KeyChange(DateTimeOffset At, string Selector);
public sealed record KeyAdded(DateTimeOffset At, string Selector, DkimAlgorithm Algorithm, string PublicPart)
    : KeyChange(At, Selector);
public sealed record KeySeen(DateTimeOffset At, string Selector) : KeyChange(At, Selector);
public sealed record KeyActivated(DateTimeOffset At, string Selector) : KeyChange(At, Selector);

/// <summary>Another key signs from now on; this one's record stays until <paramref name="RetiresAt"/>.</summary>
public sealed record KeyFollowed(DateTimeOffset At, string Selector, DateTimeOffset RetiresAt)
    : KeyChange(At, Selector);
public sealed record KeyRetired(DateTimeOffset At, string Selector) : KeyChange(At, Selector);

/// <summary>
/// The life of a domain's keys. A key signs only after its record has been seen, and is retired only when no mail
/// signed with it is on its way. Who rotates is a person (or their schedule): keys never change by themselves.
/// </summary>
public static class KeyRotation
{
    /// <summary>
    /// A look into DNS has found these selectors as they should be. An algorithm that has no active key yet gets its
    /// first one; a standby only becomes known as published.
    /// </summary>
    public static ImmutableArray<KeyChange> Seen(
        SendingDomain domain, IReadOnlyCollection<string> selectors, DateTimeOffset now)
    {
        var changes = ImmutableArray.CreateBuilder<KeyChange>();
        foreach (var key in domain.Keys.Where(k => k.SeenAt is null && selectors.Contains(k.Selector)))
            changes.Add(new KeySeen(now, key.Selector));
        foreach (var keys in domain.Keys.GroupBy(k => k.Algorithm))
            if (keys.All(k => k.State == KeyState.Pending)
                && keys.FirstOrDefault(k => k.SeenAt is not null || selectors.Contains(k.Selector)) is { } first)
                changes.Add(new KeyActivated(now, first.Selector));
        return changes.ToImmutable();
    }

    /// <summary>
    /// The standby takes over. <paramref name="lastExpiry"/> is the latest time at which a mail accepted until now can
    /// still be on its way (its <c>expires_at</c>).
    /// </summary>
    public static RotationAnswer Rotate(
        SendingDomain domain, DkimAlgorithm algorithm, DateTimeOffset lastExpiry, DateTimeOffset now)
    {
        var keys = domain.Keys.Where(k => k.Algorithm == algorithm).ToList();
        if (keys.Find(k => k.State == KeyState.Pending) is not { } next)
            return new RotationRefused("There is no pending key to rotate to: make one first.");
        if (next.SeenAt is null)
            return new RotationRefused($"{next.Selector}._domainkey.{domain.Name} has not been seen in DNS yet.");
        var changes = keys.Where(k => k.State == KeyState.Active)
            .Select(KeyChange (k) => new KeyFollowed(now, k.Selector, lastExpiry > now ? lastExpiry : now));
        return new Rotated([.. changes, new KeyActivated(now, next.Selector)]);
    }

    /// <summary>Keys whose overlap has passed; their secrets can be deleted.</summary>
    public static ImmutableArray<KeyChange> Retire(SendingDomain domain, DateTimeOffset now) =>
        [.. domain.Keys.Where(k => k.State == KeyState.Retiring && k.RetiresAt <= now)
            .Select(k => new KeyRetired(now, k.Selector))];

    public static SendingDomain Apply(SendingDomain domain, KeyChange change) => change switch
    {
        KeyAdded a => domain with { Keys = domain.Keys.Add(new(a.Selector, a.Algorithm, a.PublicPart)) },
        KeySeen => Change(domain, change, k => k with { SeenAt = change.At }),
        KeyActivated => Change(domain, change, k => k with { State = KeyState.Active, ActiveFrom = change.At }),
        KeyFollowed f => Change(domain, change,
            k => k with { State = KeyState.Retiring, ActiveUntil = f.At, RetiresAt = f.RetiresAt }),
        KeyRetired => Change(domain, change, k => k with { State = KeyState.Retired }),
        _ => throw new UnreachableException($"{change}"),
    };

    public static SendingDomain Apply(SendingDomain domain, IEnumerable<KeyChange> changes) =>
        changes.Aggregate(domain, Apply);

    private static SendingDomain Change(SendingDomain domain, KeyChange change, Func<DomainKey, DomainKey> to) =>
        domain with { Keys = [.. domain.Keys.Select(k => k.Selector == change.Selector ? to(k) : k)] };
}

/// <summary>What asking for a rotation ends in.</summary>
public abstract record RotationAnswer;
public sealed record Rotated(ImmutableArray<KeyChange> Changes) : RotationAnswer;
public sealed record RotationRefused(string Reason) : RotationAnswer;

using System.Collections.Immutable;
using AkkaMail.Core.Ids;

namespace AkkaMail.Core.Domains;

/// <summary>Whether mail may be sent from a domain.</summary>
public enum DomainStanding
{
    /// <summary>Its required records have not been seen together yet.</summary>
    [Word("unverified")] Unverified,

    [Word("verified")] Verified,

    /// <summary>It was verified, and a required record has gone or been changed since.</summary>
    [Word("failing")] Failing,
}

/// <summary>
/// What DNS last said of a record: at most <see cref="SeenMax"/> values, each cut after <see cref="SeenCharacters"/>.
/// </summary>
public sealed record RecordStanding(string Name, RecordType Type, RecordState State, ImmutableArray<string> Seen)
{
    public const int SeenMax = 10, SeenCharacters = 1_024;

    /// <summary>Sorted: a name server may turn the order of its answers, and that is no change.</summary>
    public static RecordStanding Of(RecordCheck check) => new(
        check.Record.Name, check.Record.Type, check.State,
        [.. check.Seen.Select(s => s.Length <= SeenCharacters ? s : s[..SeenCharacters])
            .Order(StringComparer.Ordinal).Take(SeenMax)]);

    public bool IsSame(RecordStanding other) =>
        (Name, Type, State) == (other.Name, other.Type, other.State) && Seen.SequenceEqual(other.Seen);
}

/// <summary>
/// A sending domain and whose it is. <paramref name="Since"/> is when its standing last changed.
/// </summary>
public sealed record RegisteredDomain(
    string Tenant, SendingDomain Domain, DateTimeOffset AddedAt, DomainStanding Standing, DateTimeOffset Since,
    ImmutableArray<RecordStanding> Records)
{
    public string Name => Domain.Name;

    /// <summary>
    /// New mail is accepted from it. One whose records fail has <paramref name="grace"/> to mend them: a mistake at a
    /// DNS provider must not stop a sender's mail within the hour.
    /// </summary>
    public bool MaySend(DateTimeOffset now, TimeSpan grace) =>
        Standing == DomainStanding.Verified || (Standing == DomainStanding.Failing && now < Since + grace);
}

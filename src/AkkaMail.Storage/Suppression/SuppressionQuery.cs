using AkkaMail.Core.Ids;
using AkkaMail.Core.Suppression;
using LinqToDB;
using LinqToDB.Data;

namespace AkkaMail.Storage.Suppression;

/// <summary>Which entries; what is null does not narrow. A tenant's are its own and those of its streams.</summary>
public sealed record SuppressionQuery
{
    public string? Tenant { get; init; }
    public SuppressionScope? Scope { get; init; }
    public string? Stream { get; init; }
    public Hash128? Target { get; init; }
    public SuppressionOrigin? Origin { get; init; }
    public string? Rule { get; init; }
    public string? Reason { get; init; }
    public string? Source { get; init; }
    public string? Site { get; init; }

    /// <summary>Added at or after it, and before <see cref="To"/>.</summary>
    public DateTimeOffset? From { get; init; }

    public DateTimeOffset? To { get; init; }

    /// <summary>Only those in force then.</summary>
    public DateTimeOffset? InForceAt { get; init; }

    internal IQueryable<EntryRow> Of(DataConnection db)
    {
        IQueryable<EntryRow> rows = db.GetTable<EntryRow>();
        if (Tenant is { } tenant) rows = rows.Where(e => e.Tenant == tenant);
        if (Scope is { } scope) rows = rows.Where(e => e.Scope == (byte)scope);
        if (Stream is { } stream) rows = rows.Where(e => e.Stream == stream);
        if (Target?.ToBytes() is { } target) rows = rows.Where(e => e.Target == target);
        if (Origin is { } origin) rows = rows.Where(e => e.Origin == (byte)origin);
        if (Rule is { } rule) rows = rows.Where(e => e.Rule == rule);
        if (Reason is { } reason) rows = rows.Where(e => e.Reason == reason);
        if (Source is { } source) rows = rows.Where(e => e.Source == source);
        if (Site is { } site) rows = rows.Where(e => e.Site == site);
        if (From?.UtcTicks is { } from) rows = rows.Where(e => e.At >= from);
        if (To?.UtcTicks is { } to) rows = rows.Where(e => e.At < to);
        if (InForceAt?.UtcTicks is { } now) rows = rows.Where(e => e.ExpiresAt == null || e.ExpiresAt > now);
        return rows;
    }
}

internal sealed record AddressedRow(EntryRow Row, string? Address)
{
    public SuppressionEntry ToEntry() => Row.ToEntry(Address);
}

internal static class AddressedRows
{
    public static IQueryable<AddressedRow> WithAddresses(this IQueryable<EntryRow> rows, DataConnection db) =>
        from e in rows
        from a in db.GetTable<AddressRow>().LeftJoin(a => a.Target == e.Target)
        select new AddressedRow(e, a.Address);
}

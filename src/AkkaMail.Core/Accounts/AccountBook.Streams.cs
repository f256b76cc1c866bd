using AkkaMail.Core.Ids;
using AkkaMail.Core.Tenants;

namespace AkkaMail.Core.Accounts;

public sealed partial record AccountBook
{
    /// <summary>The stream as it is now; null when the tenant has none of that name, or is none.</summary>
    public MailStream? StreamOf(string tenant, string name) =>
        Tenants.GetValueOrDefault(tenant)?.Streams.GetValueOrDefault(name);

    private (IAccountEvent?, AccountRefusal?) Decide(StreamOrder order, DateTimeOffset now)
    {
        if (Tenants.GetValueOrDefault(order.Tenant) is not { } tenant) return (null, AccountRefusal.UnknownTenant);
        var stream = tenant.Streams.GetValueOrDefault(order.Name);
        switch (order)
        {
            case StreamOrder.Create when stream is not null: return (null, AccountRefusal.StreamNameTaken);
            case StreamOrder.Create when tenant.Streams.Count >= MailStream.OfTenantMax:
                return (null, AccountRefusal.TooManyStreams);
            case StreamOrder.Create { EngagedFirst: true, Kind: StreamKind.Transactional }:
                return (null, AccountRefusal.EngagedFirstOfTransactional);
            case StreamOrder.Create o:
                return (new StreamCreated(now, o.By, o.Tenant, o.Name, o.Title, o.Kind,
                    o.Unsubscribe ?? MailStream.UnsubscribeOf(o.Kind))
                {
                    KeepEnvelopeSender = o.KeepEnvelopeSender ?? false,
                    TextFromHtml = o.TextFromHtml ?? true,
                    EngagedFirst = o.EngagedFirst ?? MailStream.EngagedFirstOf(o.Kind),
                }, null);

            case var _ when stream is null: return (null, AccountRefusal.UnknownStream);
            case StreamOrder.Change { EngagedFirst: true } when stream.Kind == StreamKind.Transactional:
                return (null, AccountRefusal.EngagedFirstOfTransactional);
            case StreamOrder.Change o:
                var changed = stream with
                {
                    Title = o.ClearsTitle ? null : o.Title ?? stream.Title,
                    Unsubscribe = o.Unsubscribe ?? stream.Unsubscribe,
                    KeepEnvelopeSender = o.KeepEnvelopeSender ?? stream.KeepEnvelopeSender,
                    TextFromHtml = o.TextFromHtml ?? stream.TextFromHtml,
                    EngagedFirst = o.EngagedFirst ?? stream.EngagedFirst,
                };
                return (changed == stream ? null
                    : new StreamChanged(now, o.By, o.Tenant, o.Name, changed.Title, changed.Unsubscribe)
                    {
                        KeepEnvelopeSender = changed.KeepEnvelopeSender,
                        TextFromHtml = changed.TextFromHtml,
                        EngagedFirst = changed.EngagedFirst,
                    }, null);

            case StreamOrder.Delete when Streams.IsBuiltIn(order.Name): return (null, AccountRefusal.StreamIsBuiltIn);
            case StreamOrder.Delete o: return (new StreamDeleted(now, o.By, o.Tenant, o.Name) { Note = o.Note }, null);
            default: throw new ArgumentOutOfRangeException(nameof(order), order, "is no order");
        }
    }

    private AccountBook WithStream(string tenant, MailStream stream) =>
        With(tenant, t => t with { Streams = t.Streams.SetItem(stream.Name, stream) });

    private AccountBook With(string tenant, Func<Tenant, Tenant> change) =>
        this with { Tenants = Tenants.SetItem(tenant, change(Tenants[tenant])) };
}

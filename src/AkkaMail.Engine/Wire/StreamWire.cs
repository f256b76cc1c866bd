using AkkaMail.Core.Ids;
using AkkaMail.Core.Tenants;

namespace AkkaMail.Engine.Wire;

/// <summary>Each event of a tenant's streams to its own wire message and back.</summary>
internal static class StreamWire
{
    public static StreamCreatedWire To(StreamCreated e)
    {
        var wire = new StreamCreatedWire
        {
            At = e.At.ToWire(),
            By = e.By,
            Tenant = e.Tenant,
            Name = e.Name,
            Kind = (int)e.Kind,
            Unsubscribe = e.Unsubscribe,
            KeepEnvelopeSender = e.KeepEnvelopeSender,
            TextFromHtml = e.TextFromHtml,
        };
        if (e.Title is { } title) wire.Title = title;
        if (e.EngagedFirst is { } first) wire.EngagedFirst = first;
        return wire;
    }

    public static StreamCreated From(StreamCreatedWire e) => new(
        e.At.ToTime(), e.By, e.Tenant, e.Name, e.HasTitle ? e.Title : null, (StreamKind)e.Kind, e.Unsubscribe)
    {
        KeepEnvelopeSender = e.KeepEnvelopeSender,
        TextFromHtml = !e.HasTextFromHtml || e.TextFromHtml,
        EngagedFirst = e.HasEngagedFirst ? e.EngagedFirst : null,
    };

    public static StreamChangedWire To(StreamChanged e)
    {
        var wire = new StreamChangedWire
        {
            At = e.At.ToWire(),
            By = e.By,
            Tenant = e.Tenant,
            Name = e.Name,
            Unsubscribe = e.Unsubscribe,
            KeepEnvelopeSender = e.KeepEnvelopeSender,
            TextFromHtml = e.TextFromHtml,
        };
        if (e.Title is { } title) wire.Title = title;
        if (e.EngagedFirst is { } first) wire.EngagedFirst = first;
        return wire;
    }

    public static StreamChanged From(StreamChangedWire e) =>
        new(e.At.ToTime(), e.By, e.Tenant, e.Name, e.HasTitle ? e.Title : null, e.Unsubscribe)
        {
            KeepEnvelopeSender = e.KeepEnvelopeSender,
            TextFromHtml = !e.HasTextFromHtml || e.TextFromHtml,
            EngagedFirst = e.HasEngagedFirst ? e.EngagedFirst : null,
        };

    public static StreamDeletedWire To(StreamDeleted e)
    {
        var wire = new StreamDeletedWire { At = e.At.ToWire(), By = e.By, Tenant = e.Tenant, Name = e.Name };
        if (e.Note is { } note) wire.Note = note;
        return wire;
    }

    public static StreamDeleted From(StreamDeletedWire e) =>
        new(e.At.ToTime(), e.By, e.Tenant, e.Name) { Note = e.HasNote ? e.Note : null };
}

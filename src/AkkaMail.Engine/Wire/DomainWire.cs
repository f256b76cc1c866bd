using System.Diagnostics;
using AkkaMail.Core.Domains;

namespace AkkaMail.Engine.Wire;

/// <summary>Each event of a sending domain to its own wire message and back.</summary>
internal static class DomainWire
{
    public static DomainAddedWire To(DomainAdded e) => new()
    {
        At = e.At.ToWire(),
        By = e.By,
        Domain = e.Domain,
        Tenant = e.Tenant,
        Keys = { e.Keys.Select(ToWire) },
    };

    public static DomainAdded From(DomainAddedWire e) =>
        new(e.At.ToTime(), e.By, e.Domain, e.Tenant, WireTypes.Array(e.Keys, ToChange));

    public static DomainCheckedWire To(DomainChecked e) => new()
    {
        At = e.At.ToWire(),
        By = e.By,
        Domain = e.Domain,
        Standing = (DomainStandingWire)e.Standing,
        Records =
        {
            e.Records.Select(r => new RecordStandingWire
            {
                Name = r.Name,
                Type = (RecordTypeWire)r.Type,
                State = (RecordStateWire)r.State,
                Seen = { r.Seen },
            }),
        },
        Keys = { e.Keys.Select(ToWire) },
    };

    public static DomainChecked From(DomainCheckedWire e) => new(
        e.At.ToTime(), e.By, e.Domain, (DomainStanding)e.Standing,
        WireTypes.Array(e.Records, r => new RecordStanding(
            r.Name, (RecordType)r.Type, (RecordState)r.State, WireTypes.Array(r.Seen, s => s))),
        WireTypes.Array(e.Keys, ToChange));

    public static DomainKeysChangedWire To(DomainKeysChanged e) => new()
    {
        At = e.At.ToWire(),
        By = e.By,
        Domain = e.Domain,
        Keys = { e.Keys.Select(ToWire) },
    };

    public static DomainKeysChanged From(DomainKeysChangedWire e) =>
        new(e.At.ToTime(), e.By, e.Domain, WireTypes.Array(e.Keys, ToChange));

    public static DomainRemovedWire To(DomainRemoved e)
    {
        var wire = new DomainRemovedWire { At = e.At.ToWire(), By = e.By, Domain = e.Domain };
        if (e.Note is { } note) wire.Note = note;
        return wire;
    }

    public static DomainRemoved From(DomainRemovedWire e) =>
        new(e.At.ToTime(), e.By, e.Domain) { Note = e.HasNote ? e.Note : null };

    private static DomainKeyChangeWire ToWire(KeyChange change)
    {
        var wire = new DomainKeyChangeWire { At = change.At.ToWire(), Selector = change.Selector };
        switch (change)
        {
            case KeyAdded a:
                wire.Added = new() { Algorithm = (DkimAlgorithmWire)a.Algorithm, PublicPart = a.PublicPart };
                break;
            case KeySeen: wire.Seen = new(); break;
            case KeyActivated: wire.Activated = new(); break;
            case KeyFollowed f: wire.Followed = new() { RetiresAt = f.RetiresAt.ToWire() }; break;
            case KeyRetired: wire.Retired = new(); break;
            default: throw new UnreachableException($"{change}");
        }
        return wire;
    }

    private static KeyChange ToChange(DomainKeyChangeWire wire)
    {
        var (at, selector) = (wire.At.ToTime(), wire.Selector);
        return wire.ChangeCase switch
        {
            DomainKeyChangeWire.ChangeOneofCase.Added =>
                new KeyAdded(at, selector, (DkimAlgorithm)wire.Added.Algorithm, wire.Added.PublicPart),
            DomainKeyChangeWire.ChangeOneofCase.Seen => new KeySeen(at, selector),
            DomainKeyChangeWire.ChangeOneofCase.Activated => new KeyActivated(at, selector),
            DomainKeyChangeWire.ChangeOneofCase.Followed =>
                new KeyFollowed(at, selector, wire.Followed.RetiresAt.ToTime()),
            DomainKeyChangeWire.ChangeOneofCase.Retired => new KeyRetired(at, selector),
            _ => throw new InvalidDataException("a change of a key that this version does not know"),
        };
    }
}

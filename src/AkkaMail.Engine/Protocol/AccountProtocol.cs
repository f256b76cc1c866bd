using AkkaMail.Core.Tenants;

namespace AkkaMail.Engine.Protocol;

/// <summary>Followed and stored, as number <paramref name="SequenceNr"/> or before it.</summary>
public sealed record AccountChanged(long SequenceNr);

public sealed record AccountRefused(AccountRefusal Why);

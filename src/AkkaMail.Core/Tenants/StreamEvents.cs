using AkkaMail.Core.Ids;

namespace AkkaMail.Core.Tenants;

public sealed record StreamCreated(
    DateTimeOffset At, string By, string Tenant, string Name, string? Title, StreamKind Kind, bool Unsubscribe)
    : IAccountEvent
{
    public bool KeepEnvelopeSender { get; init; }
    public bool TextFromHtml { get; init; } = true;

    /// <summary>Null: as the kind has it, since it was written before there was a choice.</summary>
    public bool? EngagedFirst { get; init; }
}

/// <summary>All of what can change, as it is now. The kind cannot: mail of another kind is another stream.</summary>
public sealed record StreamChanged(
    DateTimeOffset At, string By, string Tenant, string Name, string? Title, bool Unsubscribe) : IAccountEvent
{
    public bool KeepEnvelopeSender { get; init; }
    public bool TextFromHtml { get; init; } = true;

    /// <summary>Null: it stays, since who wrote it, perhaps a node of before, knew of no choice.</summary>
    public bool? EngagedFirst { get; init; }
}

/// <summary>Nothing new is accepted in it; what waits goes on, by the kind that was journaled with it.</summary>
public sealed record StreamDeleted(DateTimeOffset At, string By, string Tenant, string Name) : IAccountEvent
{
    /// <summary>Why, in somebody's words; null: nobody said.</summary>
    public string? Note { get; init; }
}

using System.Collections.Immutable;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Messages;

namespace AkkaMail.Server.Messages;

/// <summary>
/// What came by a door in one go: one submission or more, accepted together or not at all. <paramref name="Request"/> is
/// the hash of what was asked, so that a key used twice with different words is noticed.
/// </summary>
internal sealed record Intake(string Tenant, ImmutableArray<ValidSend> Sends, Hash128? Key, Hash128 Request)
{
    public required Door Door { get; init; }

    /// <summary>Who handed it in: the id of an API key, <c>admin</c>; null: nobody who has one.</summary>
    public required string? By { get; init; }

    /// <summary>The sender's <c>traceparent</c>; null: none.</summary>
    public string? Trace { get; init; }

    /// <summary>The sender has said when it expires, and that does not move.</summary>
    public bool HasOwnEnd { get; init; }

    /// <summary>Mail of others that we pass on: no tenant asked for it, so none pays for it or has to own its sender.</summary>
    public bool IsPassedOn { get; init; }
}

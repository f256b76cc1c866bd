using AkkaMail.Core.Ids;
using AkkaMail.Core.Suppression;

namespace AkkaMail.Server.Api.Suppression;

public sealed record SuppressionListResponse(IReadOnlyList<SuppressionResponse> Suppressions, string? NextCursor);

/// <summary>
/// An entry in force. <see cref="Address"/> and <see cref="Domain"/> are both absent once the address has been erased.
/// <see cref="Cause"/> is the message whose end led to it, with the <see cref="Reply"/> as the <see cref="Rule"/> of
/// the bounce rules <see cref="Version"/> read it.
/// </summary>
public sealed record SuppressionResponse
{
    public required string Id { get; init; }
    public required string? Address { get; init; }
    public required string? Domain { get; init; }
    public required string Scope { get; init; }
    public required string? Tenant { get; init; }
    public required string? Stream { get; init; }
    public required string Origin { get; init; }
    public required string? Reason { get; init; }
    public required string? Rule { get; init; }
    public required string? Version { get; init; }
    public required string? Cause { get; init; }
    public required string? Source { get; init; }
    public required string? Site { get; init; }
    public required string? Reply { get; init; }
    public required string? Note { get; init; }
    public required string By { get; init; }
    public required DateTimeOffset At { get; init; }
    public required DateTimeOffset? ExpiresAt { get; init; }
    public IReadOnlyList<SuppressionEventResponse>? Events { get; init; }

    public static SuppressionResponse Of(SuppressionEntry entry)
    {
        var (n, why) = (entry.What, entry.What.Why);
        var isDomain = n.Address?[0] == '@';
        return new()
        {
            Id = IdOf(entry.Id),
            Address = isDomain ? null : n.Address,
            Domain = isDomain ? n.Address![1..] : null,
            Scope = n.Key.Scope.ToWord(),
            Tenant = Some(n.Key.Tenant),
            Stream = Some(n.Key.Stream),
            Origin = n.Origin.ToWord(),
            Reason = why.Reason,
            Rule = why.Rule,
            Version = why.Version,
            Cause = why.Cause,
            Source = why.Source,
            Site = why.Site,
            Reply = why.Reply,
            Note = n.Note,
            By = n.By,
            At = n.At,
            ExpiresAt = n.ExpiresAt,
        };
    }

    public static string IdOf(long id) => id.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static string? Some(string text) => text.Length == 0 ? null : text;
}

/// <summary>
/// <paramref name="Type"/> is <c>added</c> or <c>lifted</c>; <paramref name="Undo"/> names the undo that did it.
/// </summary>
public sealed record SuppressionEventResponse(string Type, DateTimeOffset At, string By, string? Undo, string? Note)
{
    public static SuppressionEventResponse Of(SuppressionEvent e) =>
        new(e.IsLifted ? "lifted" : "added", e.At, e.By, e.Undo, e.Note);
}

/// <summary>What was in force before stays as it was, and is not among <paramref name="Added"/>.</summary>
public sealed record AddedResponse(int Added, int Known, IReadOnlyList<string> Ids);

/// <summary>
/// What an undo lifts (<paramref name="DryRun"/>) or has lifted; <paramref name="Sample"/> are up to 20 of the entries,
/// the newest first.
/// </summary>
public sealed record UndoResponse(
    bool DryRun, long Entries, long Lifted, string? Undo, IReadOnlyList<SuppressionResponse> Sample);

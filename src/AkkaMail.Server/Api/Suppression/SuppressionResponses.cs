using AkkaMail.Core.Suppression;

namespace AkkaMail.Server.Api.Suppression;

public sealed record SuppressionListResponse(IReadOnlyList<SuppressionResponse> Suppressions, string? NextCursor);

/// <summary>
/// An entry in force. <paramref name="Address"/> and <paramref name="Domain"/> are both absent once the address has
/// been erased. <paramref name="Cause"/> is the message whose end led to it, with the <paramref name="Reply"/> as the
/// <paramref name="Rule"/> of the bounce rules <paramref name="Version"/> read it.
/// </summary>
public sealed record SuppressionResponse(
    string Id, string? Address, string? Domain, string Scope, string? Tenant, string? Stream, string Origin,
    string? Reason, string? Rule, string? Version, string? Cause, string? Source, string? Site, string? Reply,
    string? Note, string By, DateTimeOffset At, DateTimeOffset? ExpiresAt,
    IReadOnlyList<SuppressionEventResponse>? Events = null)
{
    public static SuppressionResponse Of(SuppressionEntry entry)
    {
        var (n, why) = (entry.What, entry.What.Why);
        var isDomain = n.Address?[0] == '@';
        return new(IdOf(entry.Id), isDomain ? null : n.Address, isDomain ? n.Address![1..] : null,
            n.Key.Scope.ToWord(), Some(n.Key.Tenant), Some(n.Key.Stream), n.Origin.ToWord(), why.Reason, why.Rule,
            why.Version, why.Cause, why.Source, why.Site, why.Reply, n.Note, n.By, n.At, n.ExpiresAt);
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

using AkkaMail.Core.Ids;
using AkkaMail.Core.Suppression;

namespace AkkaMail.Server.Api.Suppression;

/// <summary>A page of a list.</summary>
/// <param name="Suppressions">A page of entries in force, the newest first.</param>
/// <param name="NextCursor">Where the next page begins: give it as <c>cursor</c>. Absent on the last page.</param>
public sealed record SuppressionListResponse(IReadOnlyList<SuppressionResponse> Suppressions, string? NextCursor);

/// <summary>
/// An entry in force: whom nothing is sent to. Address and domain are both absent once the address has been erased.
/// </summary>
public sealed record SuppressionResponse
{
    /// <summary>What it is called.</summary>
    public required string Id { get; init; }

    /// <summary>The address. Absent: it is of a domain.</summary>
    public required string? Address { get; init; }

    /// <summary>The domain. Absent: it is of an address.</summary>
    public required string? Domain { get; init; }

    /// <summary>For whom it holds.</summary>
    [WordsOf<SuppressionScope>]
    public required string Scope { get; init; }

    /// <summary>Whose it is. Absent: it is global.</summary>
    public required string? Tenant { get; init; }

    /// <summary>The stream it holds for. Absent: all.</summary>
    public required string? Stream { get; init; }

    /// <summary>How it came about.</summary>
    [WordsOf<SuppressionOrigin>]
    public required string Origin { get; init; }

    /// <summary>The reason of the bounce, or the kind of complaint. Absent: there was none.</summary>
    public required string? Reason { get; init; }

    /// <summary>The bounce rule that read the reply. Absent: none did.</summary>
    public required string? Rule { get; init; }

    /// <summary>The version of the bounce rules. Absent: none read it.</summary>
    public required string? Version { get; init; }

    /// <summary>The message whose end led to it. Absent: none did.</summary>
    public required string? Cause { get; init; }

    /// <summary>The source that message went by. Absent: none is known.</summary>
    public required string? Source { get; init; }

    /// <summary>The site that message went to. Absent: none is known.</summary>
    public required string? Site { get; init; }

    /// <summary>What was said of it. Absent: nothing.</summary>
    public required string? Reply { get; init; }

    /// <summary>What somebody wrote. Absent: nobody did.</summary>
    public required string? Note { get; init; }

    /// <summary>Who made it: the id of a key, <c>admin</c>, or a part of the server.</summary>
    public required string By { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>When it ends. Absent: when somebody lifts it.</summary>
    public required DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>What happened to it, the oldest first. Absent in a list.</summary>
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

/// <summary>Something that happened to an entry.</summary>
/// <param name="Type">What.</param>
/// <param name="At">When.</param>
/// <param name="By">Who did it: the id of a key, <c>admin</c>, or a part of the server.</param>
/// <param name="Undo">The undo that did it. Absent: none.</param>
/// <param name="Note">What somebody wrote. Absent: nobody did.</param>
public sealed record SuppressionEventResponse(
    [OneOf("added", "lifted")] string Type, DateTimeOffset At, string By, string? Undo, string? Note)
{
    public static SuppressionEventResponse Of(SuppressionEvent e) =>
        new(e.IsLifted ? "lifted" : "added", e.At, e.By, e.Undo, e.Note);
}

/// <summary>What became of the entries.</summary>
/// <param name="Added">How many are new.</param>
/// <param name="Known">How many were in force, and stay as they were.</param>
/// <param name="Ids">The ids of all, in the order of the request.</param>
public sealed record AddedResponse(int Added, int Known, IReadOnlyList<string> Ids);

/// <summary>What an undo would lift, or has lifted.</summary>
/// <param name="DryRun">Whether nothing was changed.</param>
/// <param name="Entries">How many fit.</param>
/// <param name="Lifted">How many were lifted.</param>
/// <param name="Undo">What the undo is called in the entries' events. Absent: nothing was changed.</param>
/// <param name="Sample">Up to 20 of the entries, the newest first.</param>
public sealed record UndoResponse(
    bool DryRun, long Entries, long Lifted, string? Undo, IReadOnlyList<SuppressionResponse> Sample);

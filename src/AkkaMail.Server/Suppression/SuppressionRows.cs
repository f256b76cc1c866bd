using System.Globalization;
using AkkaMail.Core.Ids;
using AkkaMail.Server.Lists;
using AkkaMail.Server.Refusals;

namespace AkkaMail.Server.Suppression;

/// <summary>
/// A row of a list as an entry, by what its columns are called: ours, or those of another product's export, whose reason
/// and date become the note.
/// </summary>
internal sealed class SuppressionRows(ListColumns columns)
{
    private static readonly string[] Reasons =
    [
        "reason", "suppressionreason", "error", "bouncereason", "unsubreason", "unsubcampaigntitle", "cleancampaigntitle",
        "details", "detail", "description", "type", "status", "code",
    ];

    private static readonly string[] Dates =
    [
        "created", "createdat", "lastupdatetime", "unsubtime", "cleantime", "timestamp", "date", "bouncedat", "blockedat",
        "unsubscribedat", "suppressedat", "updated", "updatedat", "optoutdate", "at",
    ];

    private readonly int? _domain = columns.Find("domain"), _scope = columns.Find("scope"),
        _stream = columns.Find("stream"), _note = columns.Find("note"), _expiresAt = columns.Find("expiresat");
    private readonly int?[] _reasons = [.. Reasons.Select(columns.Find).Where(c => c is not null)],
        _dates = [.. Dates.Select(columns.Find).Where(c => c is not null)];

    public bool NamesAnybody => columns.Address is not null || _domain is not null;

    /// <summary>For people: which column was looked at.</summary>
    public string ReadAs => columns switch
    {
        { HasHeading: true, Address: { } at } => $"addresses in the column '{columns.Headings[at]}'",
        { HasHeading: true } => "domains in the column 'domain'",
        _ => $"a list without a heading, with addresses in column {columns.Address + 1} of {columns.Cells}",
    };

    /// <summary>One for each person it is about. What is wrong with it and keeps nobody from being suppressed is told.</summary>
    public IEnumerable<AddSuppression> Read(ListRow row, FieldErrors errors)
    {
        string? Cell(int? column) => column is { } c && row[c] is { Length: > 0 } cell ? Formula(cell) : null;

        string? First(int?[] of) => of.Select(Cell).FirstOrDefault(c => c is not null);

        var until = Cell(_expiresAt) is { } at ? Time(at) : null;
        if (until is null && Cell(_expiresAt) is not null)
            errors.Add("expires_at", "is not a time (2030-12-31, or as in RFC 3339): it is taken without an end");
        if (columns.AddressesOf(row) is not { } addresses)
        {
            errors.Add("address", ListColumns.Several);
            yield break;
        }
        var note = Cell(_note) ?? (_note is null ? Note(First(_reasons), First(_dates)) : null);
        var (scope, stream) = (Cell(_scope)?.ToLowerInvariant(), Cell(_stream));
        foreach (var address in addresses)
            yield return new(Formula(address), null, scope, stream, note, until);
        // A row that has an address is about it: elsewhere "domain" is the domain that mail was sent from.
        if (addresses.Count == 0) yield return new(null, Cell(_domain), scope, stream, note, until);
    }

    /// <summary>A day begins at midnight UTC. 05.06.2030 is June in one country and May in another, so it is none.</summary>
    private static DateTimeOffset? Time(string text) =>
        Rfc3339.TryParse(text, out var exact) ? exact
            : DateTimeOffset.TryParseExact(text, ["yyyy-MM-dd", "yyyy-MM-dd HH:mm", "yyyy-MM-dd HH:mm:ss"],
                CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var day) ? day : null;

    /// <summary>As an export writes what a spreadsheet would take for a formula.</summary>
    private static string Formula(string cell) =>
        cell is ['\'', '=' or '+' or '-' or '@' or '\t' or '\r', ..] ? cell[1..] : cell;

    private static string? Note(string? reason, string? date)
    {
        var note = reason is null ? date : date is null ? reason : $"{reason} ({date})";
        return note is { Length: > AddSuppression.NoteCharacters } ? note[..AddSuppression.NoteCharacters] : note;
    }
}

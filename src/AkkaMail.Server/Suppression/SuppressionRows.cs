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

    public AddSuppression Read(ListRow row, FieldErrors errors)
    {
        string? Cell(int? column) => column is { } at && row[at] is { Length: > 0 } cell
            // As an export writes what a spreadsheet would take for a formula.
            ? cell is ['\'', '=' or '+' or '-' or '@' or '\t' or '\r', ..] ? cell[1..] : cell
            : null;

        string? First(int?[] of) => of.Select(Cell).FirstOrDefault(c => c is not null);

        DateTimeOffset? until = null;
        if (Cell(_expiresAt) is { } at)
        {
            if (Rfc3339.TryParse(at, out var exact)) until = exact;
            // Spreadsheets leave the zone out; theirs is not known, so it is ours.
            else if (DateTimeOffset.TryParse(
                at, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var parsed))
                until = parsed.ToUniversalTime();
            else errors.Add("expires_at", "is not a time");
        }
        var address = Cell(columns.Address);
        // A row that has an address is about it: elsewhere "domain" is the domain that mail was sent from.
        return new(address, address is null ? Cell(_domain) : null, Cell(_scope)?.ToLowerInvariant(), Cell(_stream),
            Cell(_note) ?? (_note is null ? Note(First(_reasons), First(_dates)) : null), until);
    }

    private static string? Note(string? reason, string? date)
    {
        var note = reason is null ? date : date is null ? reason : $"{reason} ({date})";
        return note is { Length: > AddSuppression.NoteCharacters } ? note[..AddSuppression.NoteCharacters] : note;
    }
}

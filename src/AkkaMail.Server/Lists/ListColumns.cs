using System.Collections.Immutable;

namespace AkkaMail.Server.Lists;

/// <summary>
/// Which column of a list has the addresses: one that is called so and has some, else the only one that has. A row with
/// an address in it is no heading; what stands above the heading is a title.
/// </summary>
/// <param name="Headings">As they are written; empty when the list has none.</param>
/// <param name="HeadingLine">Where the heading ends; 0: there is none.</param>
internal sealed record ListColumns(ImmutableArray<string> Headings, int Cells, int? Address, long HeadingLine)
{
    /// <summary>
    /// As products of the trade name the column of addresses in what they export, without case, blanks and marks:
    /// Mailgun address, SendGrid and Brevo email, SES and Postmark EmailAddress, Mailchimp Email Address (beside an
    /// Address that is a street), SparkPost recipient, MailUp mail; then the usual ones of spreadsheets.
    /// </summary>
    private static readonly string[] Addresses =
    [
        "email", "emailaddress", "mail", "mailaddress", "recipientemail", "recipientaddress", "useremail", "contactemail",
        "subscriberemail", "emailadresse", "adresseemail", "adressemail", "correo", "correoelectrónico",
        "correoelectronico", "indirizzoemail", "adresemail", "epost", "emails", "address", "recipient", "destination",
        "emailid", "subscriber", "addresses",
    ];

    private const string Domain = "domain";

    public bool HasHeading => Headings.Length > 0;

    public static ListColumns Of(ListSample sample)
    {
        var rows = sample.Rows;
        if (rows.Count == 0) return new([], 1, 0, 0);
        var people = rows.ToList().FindIndex(r => r.Cells.Any(ListSample.IsAddress));
        var above = rows.Take(people < 0 ? 1 : people).ToList();
        var named = above.FindIndex(r => r.Cells.Any(c => Plain(c) is var name && (name == Domain || Addresses.Contains(name))));
        // A single cell that is no name of ours is an address that was mistyped.
        if (named < 0 && (above.Count == 0 || above[^1].Cells.Count == 1))
            return new([], rows[Math.Max(0, people)].Cells.Count, sample.AddressColumns is [var most, ..] ? most : 0, 0);
        var heading = above[named >= 0 ? named : ^1];
        return new([.. heading.Cells], heading.Cells.Count, ColumnOf(heading.Cells, sample), heading.Line);
    }

    private static int? ColumnOf(IReadOnlyList<string> headings, ListSample sample)
    {
        var names = headings.Select(Plain).ToList();
        var known = Addresses.Select(a => names.IndexOf(a)).Where(i => i >= 0).ToList();
        if (known.FirstOrDefault(i => sample.Addresses(i) > 0, -1) is >= 0 and var filled) return filled;
        if (sample.AddressColumns.Where(c => c >= names.Count || names[c].Contains("mail", StringComparison.Ordinal)).ToList()
            is [var mail]) return mail;
        if (sample.AddressColumns is [var only]) return only;
        return known.Count > 0 ? known[0] : null;
    }

    /// <summary>
    /// The addresses of a row, as they are to be read. Without a heading a row may have several (as a mail program writes
    /// them), when it has nothing else: which of them is meant beside other cells, nobody can tell (null).
    /// </summary>
    public IReadOnlyList<string>? AddressesOf(ListRow row)
    {
        if (Address is not { } column) return [];
        if (!HasHeading && row.Cells.Count(ListSample.IsAddress) > 1)
            return row.Cells.All(c => c.Length == 0 || ListSample.IsAddress(c))
                ? [.. row.Cells.Where(c => c.Length > 0).Select(ListSample.Clean)] : null;
        return row[column] is { Length: > 0 } cell ? [ListSample.Clean(cell)] : [];
    }

    /// <summary>What is wrong with a row whose <see cref="AddressesOf"/> are null.</summary>
    public const string Several = "has several addresses beside other cells: give the list a heading, so that it is known "
        + "whom it is about";

    /// <summary>The column of this name (lower case, letters and digits alone), if it is there.</summary>
    public int? Find(string name)
    {
        for (var i = 0; i < Headings.Length; i++)
            if (Plain(Headings[i]) == name) return i;
        return null;
    }

    /// <summary>For people: what was found, and what was looked for.</summary>
    public string NotFound => $"None of the columns {string.Join(", ", Headings.Take(20).Select(Quote))} is one of "
        + "addresses: it is called address, email, or as another product's export calls it (Email Address, EmailAddress, "
        + "Recipient, Mail). The first line is the heading.";

    private static string Quote(string heading) => $"'{(heading.Length > 40 ? heading[..40] + "…" : heading)}'";

    private static string Plain(string heading) =>
        string.Concat(heading.Where(char.IsLetterOrDigit)).ToLowerInvariant();
}

using System.Collections.Immutable;

namespace AkkaMail.Server.Lists;

/// <summary>
/// What the columns of a list are called, by its first row. A row with an address in it is no heading.
/// </summary>
/// <param name="Headings">As they are written; empty when the list has none.</param>
internal sealed record ListColumns(ImmutableArray<string> Headings, int Cells, int? Address)
{
    /// <summary>
    /// As products of the trade name the column of addresses in what they export, without case, blanks and marks:
    /// Mailgun address, SendGrid and Brevo email, SES and Postmark EmailAddress, Mailchimp Email Address, SparkPost
    /// recipient, MailUp mail; then the usual ones of spreadsheets.
    /// </summary>
    private static readonly string[] Addresses =
    [
        "address", "email", "emailaddress", "mail", "mailaddress", "recipient", "recipientaddress", "recipientemail",
        "destination", "emailid", "useremail", "contactemail", "subscriberemail", "subscriber", "emails", "addresses",
        "emailadresse", "adresseemail", "adressemail", "correo", "correoelectrónico", "correoelectronico",
        "indirizzoemail", "adresemail", "epost",
    ];

    public bool HasHeading => Headings.Length > 0;

    public static ListColumns Of(IReadOnlyList<string> first)
    {
        var names = first.Select(Plain).ToList();
        var address = Addresses.Select(a => names.IndexOf(a)).FirstOrDefault(i => i >= 0, -1);
        var at = first.ToList().FindIndex(c => c.Contains('@', StringComparison.Ordinal));
        // A single cell that is no name of ours is an address that was mistyped.
        if (at >= 0 || (names.Count == 1 && address < 0)) return new([], first.Count, Math.Max(0, at));
        return new([.. first], first.Count, address >= 0 ? address : null);
    }

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

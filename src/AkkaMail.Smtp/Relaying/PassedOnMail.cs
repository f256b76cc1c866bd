using System.Text;
using AkkaMail.Smtp.Authentication;
using AkkaMail.Smtp.Mime;
using AkkaMail.Smtp.Signing;
using MimeKit;

namespace AkkaMail.Smtp.Relaying;

/// <summary>What becomes of a mail that is to be passed on.</summary>
public abstract record Onward;

/// <summary>
/// It may go as <paramref name="Octets"/>; <paramref name="Unsealed"/> says why there is no ARC set of ours on it,
/// null: there is one.
/// </summary>
public sealed record GoesOn(byte[] Octets, string Subject, string? Unsealed) : Onward;

/// <summary>It would go round, or has.</summary>
public sealed record StaysHere(string Why) : Onward;

/// <summary>
/// Makes of a mail that came in the one that is passed on: the same octets under a line of ours, without what others
/// say in our name, and sealed.
/// </summary>
public static class PassedOnMail
{
    /// <param name="names">Ours, for Authentication-Results.</param>
    /// <param name="key">RSA; null: of no domain, and the mail is not sealed.</param>
    public static async Task<Onward> MakeAsync(
        ReadOnlyMemory<byte> mail, Hop hop, IReadOnlyCollection<string> names, InboundVerdict verdict, SigningKey? key,
        DateTimeOffset sealedAt, CancellationToken cancel)
    {
        var fields = HeaderFields.Of(mail.Span);
        if (!HeaderFields.IsBounded(mail.Span)) return new StaysHere($"its header has more than {HeaderFields.Max} octets");
        if (WhyNot(mail.Span, fields, hop) is { } why) return new StaysHere(why);
        var octets = Traced(mail.Span, fields, hop, names);
        using var parsed = await ParsedAsync(octets, cancel);
        var subject = Line(parsed?.Subject);
        if (key is null) return new GoesOn(octets, subject, "no key for the host it came to");
        if (verdict.Arc == ArcResult.TempError)
            return new GoesOn(octets, subject, "DNS does not say whether its ARC chain holds");
        if (verdict.Arc == ArcResult.Fail) return new GoesOn(octets, subject, "the ARC chain it came with has failed");
        if (parsed is null) return new GoesOn(octets, subject, "it is no MIME");
        await ArcSealing.SealAsync(parsed, key, verdict, sealedAt, cancel);
        var made = Written(parsed);
        // What was sealed has to be what is sent: MIME that MimeKit would write otherwise than it came has no seal.
        return made.AsSpan().EndsWith(octets) && made.Length > octets.Length
            ? new GoesOn(made, subject, null) : new GoesOn(octets, subject, "its MIME is not written as it came");
    }

    private static string? WhyNot(ReadOnlySpan<byte> mail, List<HeaderSpan> fields, Hop hop)
    {
        if (fields.Any(f => TraceLine.IsOurs(f, hop))) return "it has been passed on from here before";
        if (fields.Count(TraceLine.IsTrace) > TraceLine.HopsMax) return $"it came by over {TraceLine.HopsMax} hosts";
        // RFC 3834 §2: an answer to an answer has no end.
        return (hop.MailFrom.Length == 0 || fields.Any(IsAutomatic)) && TraceLine.IsShown(mail, hop)
            ? "it is an answer to a mail that was passed on from here" : null;
    }

    /// <summary>RFC 3834 §5.</summary>
    private static bool IsAutomatic(HeaderSpan field) =>
        field.Name.Equals("Auto-Submitted", StringComparison.OrdinalIgnoreCase)
        && !field.Value.Split(';')[0].Trim().Equals("no", StringComparison.OrdinalIgnoreCase);

    private static byte[] Traced(
        ReadOnlySpan<byte> mail, List<HeaderSpan> fields, Hop hop, IReadOnlyCollection<string> names)
    {
        using var octets = new MemoryStream(mail.Length + 512);
        octets.Write(Encoding.ASCII.GetBytes(TraceLine.Of(hop)));
        var kept = 0;
        foreach (var field in fields.Where(f => OurResults.Claims(f, names)))
        {
            octets.Write(mail[kept..field.Start]);
            kept = field.End;
        }
        octets.Write(mail[kept..]);
        return octets.ToArray();
    }

    private static async Task<MimeMessage?> ParsedAsync(byte[] octets, CancellationToken cancel)
    {
        try
        {
            return await new MimeParser(ParserOptions.Default, new MemoryStream(octets, writable: false))
                .ParseMessageAsync(cancel);
        }
        catch (FormatException) { return null; }
    }

    private static byte[] Written(MimeMessage mail)
    {
        var format = FormatOptions.Default.Clone();
        format.NewLineFormat = NewLineFormat.Dos;
        using var octets = new MemoryStream();
        mail.WriteTo(format, octets);
        return octets.ToArray();
    }

    /// <summary>For lists: one line, and not a page.</summary>
    private static string Line(string? subject) =>
        string.Concat((subject ?? "").Where(c => !char.IsControl(c)).Take(SubjectMax));

    private const int SubjectMax = 500;
}

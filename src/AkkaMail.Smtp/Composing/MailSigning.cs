using System.Collections.Immutable;
using AkkaMail.Smtp.Mime;
using AkkaMail.Smtp.Signing;
using MimeKit;

namespace AkkaMail.Smtp.Composing;

/// <summary>Puts the signatures on a composed mail. One pass over it gives the hashes and its size.</summary>
internal static class MailSigning
{
    private const string Name = "DKIM-Signature: ";

    public static ComposedMail Sign(ComposedMail mail, ImmutableArray<SigningKey> keys, DateTimeOffset signedAt)
    {
        if (keys.IsDefaultOrEmpty) return mail;
        using var digest = new MailDigest();
        mail.WriteTo(digest);
        var size = digest.Length;
        var fields = DkimSigning.Sign(digest, keys, signedAt);
        for (var i = fields.Length - 1; i >= 0; i--)
        {
            var header = new Header(HeaderId.DkimSignature, "");
            // Its own line end is added again.
            mail.Message.Headers.Insert(0, HeaderLines.Raw(header, fields[i][Name.Length..^2]));
            size += fields[i].Length;
        }
        return mail.WithSize(size);
    }
}

using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace AkkaMail.Smtp.Signing;

/// <summary>
/// DKIM signatures (RFC 6376) of a mail in its final form, relaxed/relaxed, one for each key. Own work and not
/// MimeKit's signer, which reads body and headers anew for each key and takes its time from the clock: body and headers
/// are brought into relaxed form once for all keys, and a retry signs with the same bytes.
/// </summary>
public static class DkimSigning
{
    /// <summary>Characters of a line of our own header; RFC 5322 §2.1.1 asks for 78.</summary>
    private const int LineMax = 72;

    /// <summary>The DKIM-Signature fields to put before a mail, with their CRLF; in the order of the keys.</summary>
    public static ImmutableArray<string> Sign(
        ReadOnlySpan<byte> mail, ImmutableArray<SigningKey> keys, DateTimeOffset signedAt)
    {
        using var digest = new MailDigest();
        digest.Write(mail);
        return Sign(digest, keys, signedAt);
    }

    internal static ImmutableArray<string> Sign(
        MailDigest mail, ImmutableArray<SigningKey> keys, DateTimeOffset signedAt)
    {
        var headers = new RelaxedHeaders(mail.Header);
        var names = SignedHeaders.NamesIn(headers);
        using var signed = new MemoryStream(2048);
        foreach (var name in names.Distinct())
            foreach (var field in headers.FromTheLast(name))
            {
                signed.Write(field);
                signed.Write("\r\n"u8);
            }
        var bodyHash = Convert.ToBase64String(mail.BodyDigest());
        var data = signed.GetBuffer().AsSpan(0, (int)signed.Length);
        var fields = ImmutableArray.CreateBuilder<string>(keys.Length);
        foreach (var key in keys) fields.Add(Field(key, signedAt, names, bodyHash, data));
        return fields.MoveToImmutable();
    }

    private static string Field(
        SigningKey key, DateTimeOffset signedAt, List<string> names, string bodyHash, ReadOnlySpan<byte> data)
    {
        var field = new StringBuilder("DKIM-Signature: v=1; a=", 1024).Append(key.AlgorithmTag)
            .Append("; c=relaxed/relaxed;\r\n d=").Append(key.Domain).Append("; s=").Append(key.Selector)
            .Append("; t=").Append(signedAt.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture))
            .Append(";\r\n bh=").Append(bodyHash).Append(";\r\n h=");
        AppendNames(field, names);
        field.Append(";\r\n b=");

        // RFC 6376 §3.7: the field itself comes last, with an empty b= and without its line end.
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(data);
        hash.AppendData(RelaxedHeaders.Relax(Encoding.ASCII.GetBytes(field.ToString())).Field);
        var signature = Convert.ToBase64String(key.Sign(hash.GetHashAndReset()));
        for (var i = 0; i < signature.Length; i += LineMax)
            field.Append(i == 0 ? "" : "\r\n ").Append(signature, i, Math.Min(LineMax, signature.Length - i));
        return field.Append("\r\n").ToString();
    }

    private static void AppendNames(StringBuilder field, List<string> names)
    {
        var column = 3;
        for (var i = 0; i < names.Count; i++)
        {
            if (i > 0) { field.Append(':'); column++; }
            if (column + names[i].Length + 1 > LineMax) { field.Append("\r\n  "); column = 2; }
            field.Append(names[i]);
            column += names[i].Length;
        }
    }
}

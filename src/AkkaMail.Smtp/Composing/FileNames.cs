using System.Globalization;
using System.Text;
using AkkaMail.Core.Ids;
using AkkaMail.Smtp.Mime;
using MimeKit;

namespace AkkaMail.Smtp.Composing;

/// <summary>
/// The name of a file in both headers that readers look for it in. One that looks like an encoded word would be decoded
/// by most of them (RFC 2047 §5 forbids it): it is written as RFC 2231 has it, which nobody takes for one.
/// </summary>
internal static class FileNames
{
    /// <summary>Characters of a line's piece of a name; its parameter's name and number stand before it.</summary>
    private const int PieceMax = 54;

    public static void Give(MimePart part, string name)
    {
        name = WellFormed.Of(name);
        if (!name.Contains("=?", StringComparison.Ordinal))
        {
            part.FileName = name;
            return;
        }
        Write(part, HeaderId.ContentType, "name", name);
        Write(part, HeaderId.ContentDisposition, "filename", name);
    }

    private static void Write(MimePart part, HeaderId id, string parameter, string name)
    {
        var header = part.Headers[part.Headers.IndexOf(id)];
        var value = Encoding.ASCII.GetString(header.RawValue).Trim();
        HeaderLines.Raw(header, $"{value};\r\n\t{string.Join(";\r\n\t", Pieces(parameter, name))}");
    }

    /// <summary>RFC 2231 §4.1: numbered from 0, and the charset before the first.</summary>
    private static IEnumerable<string> Pieces(string parameter, string name)
    {
        var (number, piece) = (0, new StringBuilder("utf-8''"));
        foreach (var octet in Encoding.UTF8.GetBytes(name))
        {
            if (piece.Length > PieceMax - 3)
            {
                yield return Piece();
                piece.Clear();
                number++;
            }
            if (char.IsAsciiLetterOrDigit((char)octet) || octet is (byte)'.' or (byte)'-' or (byte)'_')
                piece.Append((char)octet);
            else piece.Append('%').Append(octet.ToString("X2", CultureInfo.InvariantCulture));
        }
        yield return Piece();

        string Piece() => string.Create(CultureInfo.InvariantCulture, $"{parameter}*{number}*={piece}");
    }
}

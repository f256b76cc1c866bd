using System.Text;
using System.Text.Unicode;
using AkkaMail.Core.Ids;

namespace AkkaMail.Smtp.Mime;

/// <summary>
/// Text of a charset that is told, wrong, unknown or missing. A wrong guess costs letters, never the mail.
/// </summary>
internal static class Charsets
{
    public static string Decode(ReadOnlySpan<byte> bytes, string? charset)
    {
        if (bytes.Contains((byte)0x1B) && bytes.IndexOf("\u001b$B"u8) >= 0) return Of("iso-2022-jp", bytes);
        if (Utf8.IsValid(bytes)) return Encoding.UTF8.GetString(bytes);
        return Of(charset?.Trim('"', '\'', ' ') is { Length: > 0 } named ? named : "iso-8859-1", bytes);
    }

    private static string Of(string charset, ReadOnlySpan<byte> bytes) =>
        (CodePages.Find(charset) ?? Encoding.Latin1).GetString(bytes);
}

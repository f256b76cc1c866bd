using System.Buffers;
using System.Globalization;
using System.Text;

namespace AkkaMail.Smtp.Mime;

/// <summary>
/// Text of a header that arrives as it was given (RFC 2047): what is not ASCII is encoded, and so is what would be
/// taken for encoded and read as another text. A word has at most 75 characters, its line at most 76 (§2).
/// </summary>
internal static class EncodedWords
{
    private const int WordMax = 75, LineMax = 76;
    private const string Begin = "=?utf-8?", End = "?=", NewLine = "\r\n ";

    /// <summary>A word without its text.</summary>
    private const int Frame = 12;

    /// <summary>One character of four octets in the longer encoding: a word with less room would stay empty.</summary>
    private const int RoomMin = 12;

    /// <summary>§5 (3): what may stand for itself in a phrase, and so everywhere.</summary>
    private static readonly SearchValues<char> Plain =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!*+-/");

    /// <param name="international">Headers may be UTF-8 (RFC 6532): then only what looks like a word is one.</param>
    public static bool Needs(string text, bool international) =>
        !international && !Ascii.IsValid(text) || text.Contains("=?", StringComparison.Ordinal);

    /// <summary>
    /// Words on as many lines as they take; it begins with a new line where the first, at this column, has no room.
    /// </summary>
    public static string Of(string text, int column)
    {
        var isBase64 = text.EnumerateRunes().Sum(Quoted) > (Encoding.UTF8.GetByteCount(text) + 2) / 3 * 4;
        var (words, word, length) = (new StringBuilder(), new StringBuilder(), 0);
        var room = Math.Min(WordMax, LineMax - column) - Frame;
        if (room < RoomMin) Break();
        foreach (var rune in text.EnumerateRunes())
        {
            // A character stands in one word as a whole (§5).
            var size = isBase64 ? rune.Utf8SequenceLength : Quoted(rune);
            if ((isBase64 ? (length + size + 2) / 3 * 4 : length + size) > room)
            {
                Close();
                Break();
            }
            if (isBase64) word.Append(rune.ToString());
            else Quote(word, rune);
            length += size;
        }
        Close();
        return words.ToString();

        void Break()
        {
            words.Append(NewLine);
            room = LineMax - 1 - Frame;
        }

        void Close()
        {
            var encoded = word.ToString();
            words.Append(Begin).Append(isBase64 ? "b?" : "q?")
                .Append(isBase64 ? Convert.ToBase64String(Encoding.UTF8.GetBytes(encoded)) : encoded).Append(End);
            word.Clear();
            length = 0;
        }
    }

    private static int Quoted(Rune rune) => IsPlain(rune) ? 1 : 3 * rune.Utf8SequenceLength;

    private static bool IsPlain(Rune rune) => rune.Value == ' ' || rune.IsAscii && Plain.Contains((char)rune.Value);

    private static void Quote(StringBuilder word, Rune rune)
    {
        if (rune.Value == ' ') word.Append('_');
        else if (IsPlain(rune)) word.Append((char)rune.Value);
        else
        {
            Span<byte> octets = stackalloc byte[4];
            foreach (var octet in octets[..rune.EncodeToUtf8(octets)])
                word.Append('=').Append(octet.ToString("X2", CultureInfo.InvariantCulture));
        }
    }
}

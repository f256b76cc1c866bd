using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace AkkaMail.Smtp.Receiving;

/// <summary>A line that is to be a command, before anybody asks which one.</summary>
internal static class ClientCommand
{
    /// <summary>
    /// Its text, or why it is none. A bare CR or LF, NUL and other control characters are in no command (RFC 5321
    /// §4.1.2); what is not ASCII is UTF-8 (RFC 6531 §3.3).
    /// </summary>
    public static ReceiverReply? TryRead(ReadOnlySequence<byte> line, out string text)
    {
        text = "";
        var octets = line.IsSingleSegment ? line.FirstSpan : line.ToArray();
        if (octets is not [.., (byte)'\r']) return Refusals.BareLfInCommand;
        octets = octets[..^1];
        foreach (var octet in octets) if (octet is < 0x20 or 0x7F) return Refusals.ControlInCommand;
        if (!Utf8.IsValid(octets)) return Refusals.NotUtf8;
        text = Encoding.UTF8.GetString(octets).TrimEnd(' ');   // RFC 5321 §4.1.1: a space at the end is forgiven.
        return null;
    }
}

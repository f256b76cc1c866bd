using System.Text;
using AkkaMail.Core.Inbound.Formats;
using AkkaMail.Core.Replies;

namespace AkkaMail.Core.Inbound;

/// <summary>
/// Takes addresses out of foreign text before it is journaled. A report may name others than the recipient: where a
/// mail was forwarded to, whose mailbox a group leads to.
/// </summary>
internal static class AddressMarks
{
    /// <summary>Stands for an address that is not the recipient's.</summary>
    public const string Other = "{address}";

    public static string Replace(string text, string? recipient)
    {
        if (recipient is not null)
            text = text.Replace(recipient, SmtpReply.RecipientMark, StringComparison.OrdinalIgnoreCase);
        if (!text.Contains('@', StringComparison.Ordinal)) return text;
        var marked = new StringBuilder(text.Length);
        var from = 0;
        while (Addresses.Find(text, from) is { } found)
        {
            marked.Append(text, from, found.Start.Value - from).Append(Other);
            from = found.End.Value;
        }
        return marked.Append(text, from, text.Length - from).ToString();
    }
}

using AkkaMail.Core.Ids;
using AkkaMail.Core.Seals;

namespace AkkaMail.Core.Inbound;

/// <summary>Which address a mail came to; the numbers are stored.</summary>
public enum ReturnDoor : byte
{
    [Word("return_path")] ReturnPath = 0,
    [Word("feedback")] Feedback = 1,
    [Word("dmarc")] Dmarc = 2,
    [Word("tls")] Tls = 3,
    [Word("people")] People = 4,
}

/// <summary>Why an address is none of ours.</summary>
public enum ReturnRefusal
{
    /// <summary>
    /// A return path we have not made: somebody makes up bounces, or backscatter of mail we never sent.
    /// </summary>
    [Word("forged")] Forged,

    [Word("no_such_address")] NoSuchAddress,

    /// <summary>A domain we take no mail for.</summary>
    [Word("foreign_domain")] ForeignDomain,
}

/// <summary>What the listener takes mail for, as it is now.</summary>
/// <param name="IsOurs">Whether a domain (A-labels, lower case) is a return path of a sending domain, or our own
/// name.</param>
/// <param name="Key">Of the tokens.</param>
public sealed record ReturnAddresses(
    Func<string, bool> IsOurs, string? DmarcReports, string? TlsReports, byte[] Key)
{
    /// <summary>The local part feedback loops are enrolled with; <c>fbl+yahoo</c> names the loop.</summary>
    public const string Feedback = "fbl";

    /// <summary>Of a loop's name: it is a label in lists.</summary>
    public const int LoopMax = 40;

    /// <summary>RFC 5321 §4.5.1 demands the first, RFC 2142 §4 the others.</summary>
    private static readonly string[] People = ["postmaster", "abuse", "security"];

    /// <summary>Null when it is ours: then <paramref name="address"/> says what it is.</summary>
    public ReturnRefusal? Read(string recipient, out ReturnAddress address)
    {
        address = default;
        var at = recipient.LastIndexOf('@');
        var (local, domain) = at < 0 ? (recipient, "") : (recipient[..at], recipient[(at + 1)..].ToLowerInvariant());
        if (VerpAddress.Is(local))
        {
            if (VerpAddress.Verify(recipient, Key) is not { } message) return ReturnRefusal.Forged;
            address = new(ReturnDoor.ReturnPath, message, null);
            return null;
        }
        if (Same(recipient, DmarcReports)) { address = new(ReturnDoor.Dmarc, null, null); return null; }
        if (Same(recipient, TlsReports)) { address = new(ReturnDoor.Tls, null, null); return null; }
        // RFC 5321 §4.5.1: postmaster without a domain is the host's own.
        if (domain.Length > 0 ? !IsOurs(domain) : !local.Equals(People[0], StringComparison.OrdinalIgnoreCase))
            return ReturnRefusal.ForeignDomain;
        if (People.Contains(local, StringComparer.OrdinalIgnoreCase))
        {
            address = new(ReturnDoor.People, null, null);
            return null;
        }
        if (LoopOf(local) is not { } loop) return ReturnRefusal.NoSuchAddress;
        address = new(ReturnDoor.Feedback, null, loop.Length == 0 ? null : loop);
        return null;
    }

    private static string? LoopOf(string local)
    {
        if (!local.StartsWith(Feedback, StringComparison.OrdinalIgnoreCase)) return null;
        if (local.Length == Feedback.Length) return "";
        var loop = local[(Feedback.Length + 1)..].ToLowerInvariant();
        return local[Feedback.Length] == '+' && loop.Length is > 0 and <= LoopMax
            && loop.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.') ? loop : null;
    }

    private static bool Same(string recipient, string? address) =>
        address is not null && recipient.Equals(address, StringComparison.OrdinalIgnoreCase);
}

/// <summary>
/// An address of ours: <paramref name="Message"/> of a return path, <paramref name="Loop"/> of a feedback loop with a
/// name.
/// </summary>
public readonly record struct ReturnAddress(ReturnDoor Door, MessageId? Message, string? Loop);

using System.Buffers;
using AkkaMail.Core.Messages;
using Microsoft.Extensions.Primitives;

namespace AkkaMail.Server.Messages;

/// <summary>W3C Trace Context §3.2, version 00: the sender's trace, so that its parts find each other later.</summary>
internal static class TraceParent
{
    private static readonly SearchValues<char> Hex = SearchValues.Create("0123456789abcdef");

    /// <summary>Null: none, or one that cannot be read, which is as if it were not there (§3.2.2.2).</summary>
    public static string? Read(StringValues header) =>
        header is [{ Length: SubmissionFacts.TraceMax } text] && text.StartsWith("00-", StringComparison.Ordinal)
            && text[35] == '-' && text[52] == '-'
            && !text.AsSpan(3, 32).ContainsAnyExcept(Hex) && text.AsSpan(3, 32).ContainsAnyExcept('0')
            && !text.AsSpan(36, 16).ContainsAnyExcept(Hex) && text.AsSpan(36, 16).ContainsAnyExcept('0')
            && !text.AsSpan(53, 2).ContainsAnyExcept(Hex) ? text : null;
}

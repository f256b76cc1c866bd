using System.Text;

namespace AkkaMail.Core.Ids;

/// <summary>
/// Encodings by the names that mails and files give them. Those of old systems are there from the first on, whatever has
/// been registered; octets that are none of an encoding are replaced by U+FFFD.
/// </summary>
public static class CodePages
{
    /// <summary>Null: nobody knows it, or it is not safe to read (UTF-7).</summary>
    public static Encoding? Find(string name)
    {
        try { return CodePagesEncodingProvider.Instance.GetEncoding(name) ?? Encoding.GetEncoding(name); }
        catch (Exception e) when (e is ArgumentException or NotSupportedException) { return null; }
    }
}

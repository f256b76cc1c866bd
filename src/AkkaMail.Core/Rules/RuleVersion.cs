using System.Security.Cryptography;

namespace AkkaMail.Core.Rules;

/// <summary>By which text a decision was made.</summary>
internal static class RuleVersion
{
    /// <summary>Of what both texts say, line ends and comments with it: the bytes count. Twelve hexadecimal digits.</summary>
    public static string Hash(ReadOnlySpan<byte> shipped, ReadOnlySpan<byte> file)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(shipped);
        hash.AppendData(file);
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..12];
    }
}

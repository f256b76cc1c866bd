using System.Security.Cryptography;

namespace AkkaMail.Core.Rules;

/// <summary>By which text a decision was made.</summary>
internal static class RuleVersion
{
    /// <summary>
    /// Of what both texts say, line ends and comments with it: the bytes count, as they are kept. So it says nothing of a
    /// password in them, which is kept nowhere: a hash of one beside the text around it could be guessed at. Twelve
    /// hexadecimal digits.
    /// </summary>
    public static string Hash(ReadOnlySpan<byte> shipped, ReadOnlySpan<byte> file)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(shipped);
        hash.AppendData(RulesText.WithoutPasswords(file));
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..12];
    }
}

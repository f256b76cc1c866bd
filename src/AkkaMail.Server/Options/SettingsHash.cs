using System.Security.Cryptography;
using System.Text;

namespace AkkaMail.Server.Options;

/// <summary>Tells whether two starts had the same settings, and nothing of what they are.</summary>
internal static class SettingsHash
{
    /// <summary>A hash of a secret can be tried against guesses: it is left out.</summary>
    private static readonly string[] Secrets =
    [
        $"{AkkaMailOptions.Section}:{nameof(AkkaMailOptions.AdminKey)}",
        $"{StorageOptions.Section}:{nameof(StorageOptions.ConnectionString)}",
    ];

    /// <summary>
    /// Of what was said, in any order and by whatever letters; what was not said follows from the program's version.
    /// Twelve hexadecimal digits.
    /// </summary>
    public static string Of(IConfiguration configuration)
    {
        var lines = configuration.GetSection(AkkaMailOptions.Section).AsEnumerable()
            .Where(s => s.Value is not null && !Secrets.Contains(s.Key, StringComparer.OrdinalIgnoreCase))
            .Select(s => $"{s.Key.ToUpperInvariant()}={s.Value}\n").Order(StringComparer.Ordinal);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(lines))))[..12];
    }
}

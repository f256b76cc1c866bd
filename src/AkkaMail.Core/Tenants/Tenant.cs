using System.Collections.Immutable;

namespace AkkaMail.Core.Tenants;

/// <summary>
/// Who sends. <paramref name="Name"/> is in every event of its mail and never changes; <paramref name="Title"/> is for
/// people. Of a suspended one nothing new is accepted; what was accepted goes on.
/// </summary>
public sealed record Tenant(string Name, string? Title, bool IsSuspended, DateTimeOffset CreatedAt)
{
    /// <summary>There from the start: the installation's own, and whoever has no need of tenants.</summary>
    public const string Default = "default";

    /// <summary>By name; always those of <see cref="MailStream.BuiltIn"/>.</summary>
    public ImmutableDictionary<string, MailStream> Streams { get; init; } = MailStream.BuiltIn;

    /// <summary>Null: it may send as much as it likes.</summary>
    public Quota? Quota { get; init; }

    public const int NameCharacters = 64, TitleCharacters = 200;

    /// <summary>What is wrong with a name, null for nothing: it ends up in paths, metrics and shaping.json.</summary>
    public static string? NameProblem(string name) =>
        name.Length is 0 or > NameCharacters ? $"has {name.Length} characters; 1 to {NameCharacters} are allowed"
        : !name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '_' or '.')
            ? "may have small letters, digits, '-', '_' and '.'"
        : null;
}

namespace AkkaMail.Core.Tenants;

/// <summary>What a key may do.</summary>
[Flags]
public enum Scopes
{
    None = 0,

    /// <summary>Send its tenant's mail, and cancel it.</summary>
    Send = 1,

    /// <summary>Read what is its tenant's.</summary>
    Read = 2,

    /// <summary>
    /// Change what is its tenant's: keys, streams, domains. It has <see cref="Send"/> and <see cref="Read"/> too.
    /// </summary>
    Manage = 4,

    /// <summary>Everything of every tenant, and the installation itself.</summary>
    Admin = 8,

    /// <summary>
    /// Read what is of the installation and of every tenant: no body of a mail, no address, and no order. It stands
    /// alone.
    /// </summary>
    Observe = 16,
}

/// <summary>Scopes in words.</summary>
public static class ScopeWords
{
    private static readonly (Scopes Scope, string Word)[] Words =
        [(Scopes.Send, "send"), (Scopes.Read, "read"), (Scopes.Manage, "manage"),
            (Scopes.Observe, "observe"), (Scopes.Admin, "admin")];

    /// <summary>All of them, as a mistake names them.</summary>
    public static string All { get; } = string.Join(", ", Words.Select(w => w.Word));

    public static Scopes? Parse(string word) =>
        Words.FirstOrDefault(w => w.Word == word) is { Word: not null } found ? found.Scope : null;

    public static string[] ToWords(this Scopes scopes) =>
        [.. Words.Where(w => scopes.HasFlag(w.Scope)).Select(w => w.Word)];

    /// <summary>
    /// Whether these do for <paramref name="needed"/>, one of the first four; what may be observed an endpoint
    /// says itself.
    /// </summary>
    public static bool Allow(this Scopes scopes, Scopes needed) => needed switch
    {
        Scopes.Admin => scopes.HasFlag(Scopes.Admin),
        Scopes.Manage => (scopes & (Scopes.Manage | Scopes.Admin)) != 0,
        Scopes.Send or Scopes.Read => (scopes & (needed | Scopes.Manage | Scopes.Admin)) != 0,
        _ => throw new ArgumentOutOfRangeException(nameof(needed), needed, "is not one scope"),
    };
}

namespace AkkaMail.Core.Story;

/// <summary>
/// What stands for the provider of a message where there is no name. None is a provider's.
/// </summary>
public static class Via
{
    /// <summary>No attempt has come to a site, and it has not ended.</summary>
    public const string Waiting = "~waiting";

    /// <summary>It ended, and no attempt had come to a site.</summary>
    public const string None = "~none";

    /// <summary>A site that is no provider's.</summary>
    public const string Other = "~other";

    /// <summary>An attempt came to a site, and nobody knows any more how it went there.</summary>
    public const string Unknown = "~unknown";
}

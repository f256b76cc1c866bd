namespace AkkaMail.Core.Messages;

/// <summary>The message types every tenant has.</summary>
public static class Streams
{
    /// <summary>A person waits for it: receipts, resets, codes.</summary>
    public const string Transactional = "transactional";

    /// <summary>Nobody waits for it: newsletters, announcements.</summary>
    public const string Broadcast = "broadcast";
}

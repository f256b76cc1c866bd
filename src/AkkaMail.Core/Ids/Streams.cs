namespace AkkaMail.Core.Ids;

/// <summary>The message types every tenant has.</summary>
public static class Streams
{
    /// <summary>A person waits for it: receipts, resets, codes.</summary>
    public const string Transactional = "transactional";

    /// <summary>Nobody waits for it: newsletters, announcements.</summary>
    public const string Broadcast = "broadcast";

    /// <summary>Of a stream whose kind is not told: before tenants had their own, the name said it.</summary>
    public static StreamKind KindOf(string name) =>
        name == Transactional ? StreamKind.Transactional : StreamKind.Broadcast;

    /// <summary>Every tenant has it; its name says its kind.</summary>
    public static bool IsBuiltIn(string name) => name is Transactional or Broadcast;
}

/// <summary>
/// Whether somebody waits for a stream's mail. A kind is called as the stream of that kind that every tenant has; the
/// numbers stand in the journal.
/// </summary>
public enum StreamKind : byte
{
    [Word(Streams.Transactional)] Transactional = 1,
    [Word(Streams.Broadcast)] Broadcast = 2,
}

using System.Reflection;
using AkkaMail.Core.Mail;
using AkkaMail.Server.Options;
using AkkaMail.Server.Rules;
using AkkaMail.Storage.History;

namespace AkkaMail.Server.History;

/// <summary>
/// What this node writes of itself: that it began, by which program and rules, that it lives, and that it ends. The end
/// comes with the last of the process; who is killed says nothing, and the next start finds that.
/// </summary>
internal sealed class NodeHistory(
    HistoryStore store, IEnumerable<RulesFile> files, IConfiguration settings, TimeProvider time,
    ILogger<NodeHistory> log) : IDisposable
{
    /// <summary>As it was built: with the commit, where the build knew it.</summary>
    public static string Program { get; } = typeof(NodeHistory).Assembly
        .GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    private string? _node;

    /// <summary>
    /// Before anything is journaled that names this node or its rules. A <see cref="StoreException"/> ends the start.
    /// </summary>
    public void Begin(string node)
    {
        Tell(store.Begin(new(node, Program, SettingsHash.Of(settings), time.GetUtcNow())));
        _node = node;
        foreach (var file in files) file.KeepBy(texts => store.Keep(node, texts, time.GetUtcNow()));
    }

    /// <summary>Who has died beside this node.</summary>
    public void LookForLost() => Tell(store.Lost(time.GetUtcNow()));

    private void Tell(IReadOnlyList<(string Node, DateTimeOffset SeenAt)> all)
    {
        foreach (var (lost, seenAt) in all)
            log.LogWarning("{Node} did not say that it ends: its last sign of life is of {SeenAt:u}", lost, seenAt);
    }

    /// <summary>A sign of life.</summary>
    public void Seen()
    {
        if (_node is { } node) store.Seen(node, time.GetUtcNow());
    }

    public void Dispose()
    {
        if (_node is not { } node) return;
        try { store.End(node, time.GetUtcNow()); }
        catch (StoreException e)
        {
            log.LogWarning("The end of {Node} is not in the history: {Reason}", node, e.Message);
        }
        _node = null;
    }
}

using AkkaMail.Core.Ids;
using AkkaMail.Core.Lanes;
using AkkaMail.Core.Messages;
using AkkaMail.Core.Story;
using AkkaMail.Engine.Protocol;
using AkkaMail.Server.Access;
using AkkaMail.Server.Data;
using AkkaMail.Storage.Messages;

namespace AkkaMail.Server.Messages;

/// <summary>Why messages wait, as their ledgers and nodes know it now.</summary>
internal sealed class WaitingMessages(LedgerAsk ledgers, MessageGenerations read, DataDirectory data)
{
    /// <summary>The list and the story are worth having without it.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(1);

    /// <summary>Those that have not ended, and whose ledger answers.</summary>
    public async Task<IReadOnlyDictionary<MessageId, Waiting>> Of(
        IEnumerable<MessageView> messages, CancellationToken cancel)
    {
        var found = new Dictionary<MessageId, Waiting>();
        var asked = messages.Where(m => !m.Status.IsTerminal()).Select(m => m.Id)
            .Where(id => id.Submission.Partition < data.Installation.Ledgers).GroupBy(id => id.Submission.Partition);
        foreach (var answer in await Task.WhenAll(asked.SelectMany(of => of.Chunk(AskWhyTheyWait.MessagesMax).Select(
            some => ledgers.Ask(of.Key, new AskWhyTheyWait([.. some]), Timeout, cancel)))))
            foreach (var message in answer is WhyTheyWait why ? why.Messages : [])
                found[message.Id] = message.Why;
        return found;
    }

    /// <summary>
    /// Which of them may be told with lane, rule and reply: a tenant reads what receivers said to its own mail, and
    /// nothing of what they said to others. Many wait behind one reply, and that is looked up once.
    /// </summary>
    public async Task<IReadOnlySet<MessageId>> WithCause(
        Caller caller, IReadOnlyDictionary<MessageId, Waiting> waiting, CancellationToken cancel)
    {
        if (caller.Tenant is not { } tenant || caller.ReadsAll) return waiting.Keys.ToHashSet();
        var shown = new HashSet<MessageId>();
        foreach (var behind in waiting.GroupBy(w => w.Value.Why?.Cause?.Attempt.Message))
            if (behind.Key is { } cause && (await read.Current.FindRecipient(cause, cancel))?.Tenant == tenant)
                shown.UnionWith(behind.Select(w => w.Key));
        return shown;
    }
}

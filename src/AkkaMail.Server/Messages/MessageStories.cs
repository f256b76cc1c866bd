using AkkaMail.Core.Ids;
using AkkaMail.Core.Story;
using AkkaMail.Engine.Protocol;
using AkkaMail.Server.Data;
using AkkaMail.Server.Refusals;
using AkkaMail.Storage.Messages;

namespace AkkaMail.Server.Messages;

/// <summary>A message's story with what its ledger has stored since the read model looked.</summary>
internal sealed class MessageStories(LedgerAsk ledgers, MessageGenerations read, DataDirectory data)
{
    private static readonly TimeSpan LedgerTimeout = TimeSpan.FromSeconds(2);

    /// <summary>
    /// The row, continued with what the ledger has stored since. The ledger is asked first: what it forgets in between
    /// is in the row by then.
    /// </summary>
    public async Task<MessageStory?> Find(MessageId id, CancellationToken cancel)
    {
        var isOurs = id.Submission.Partition < data.Installation.Ledgers;
        var fresh = isOurs
            ? await ledgers.Ask(id.Submission.Partition, new ReadUnprojected(id), LedgerTimeout, cancel) : null;
        var row = await read.Current.Find(id, cancel);
        // It may have been promised a moment ago: "there is none" would be a lie.
        if (fresh is null && row is null && isOurs)
            throw new UnavailableException("The ledger does not answer, and the message is in no row yet.");
        return fresh is UnprojectedEvents { Events: var events } ? Story.Continue(row, id, events) : row;
    }
}

using System.Collections.Immutable;
using AkkaMail.Core.Messages;
using AkkaMail.Core.Projecting;
using AkkaMail.Server.Rules;
using AkkaMail.Storage.Messages;
using AkkaMail.Storage.Sites;

namespace AkkaMail.Server.Inbound;

/// <summary>
/// The reactor <c>lanes</c>: tells a lane's governor of each message somebody complained about, the first time. A crash
/// between its answer and the note of the place tells it once more; counts halve in days, so that is no harm.
/// </summary>
/// <param name="lanes">Looked for when it is needed: the actor system is made with this in hand.</param>
internal sealed class LaneComplaints(MessageGenerations read, SiteLog sites, ShapingFile shaping, Func<LaneFeedback> lanes)
{
    public const string Name = "lanes";

    public Reactor ToReactor() => new(Name, e => Complaints(e).Any(), Follow, sites.PlaceOf);

    private static IEnumerable<Amendment> Complaints(ILedgerEvent e) =>
        e is MessagesAmended a ? a.Amendments.Where(x => x.Kind == AmendmentKind.Complaint) : [];

    private async Task Follow(int partition, ImmutableArray<NumberedEvent> events, CancellationToken cancel)
    {
        foreach (var e in events)
        {
            var complaints = Complaints(e.Event).ToList();
            foreach (var complaint in complaints) await Tell(partition, e.SequenceNr, complaint, cancel);
            if (complaints.Count > 0) await sites.NotePlace(partition, e.SequenceNr, cancel);
        }
        await sites.NotePlace(partition, events[^1].SequenceNr, cancel);
    }

    private async Task Tell(int partition, long number, Amendment complaint, CancellationToken cancel)
    {
        // Who complains about one mail twice has complained about one mail.
        var model = read.Current;
        var found = await model.Had(partition, number, () => model.Find(complaint.Message, cancel), cancel);
        if (found is not { } story
            || story.Events.FirstOrDefault(e => e.Amended?.Kind == AmendmentKind.Complaint)?.Amended is not { } first
            || first.Report != complaint.Report || LaneOf.Delivery(story, shaping.Current) is not { } lane) return;
        await lanes().Complained(lane, cancel);
    }
}

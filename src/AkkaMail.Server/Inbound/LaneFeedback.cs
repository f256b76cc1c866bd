using System.Collections.Immutable;
using Akka.Actor;
using AkkaMail.Core.Messages;
using AkkaMail.Core.Projecting;
using AkkaMail.Engine.Protocol;
using AkkaMail.Server.Rules;
using AkkaMail.Storage.Messages;
using AkkaMail.Storage.Sites;

namespace AkkaMail.Server.Inbound;

/// <summary>
/// The reactor <c>lanes</c>: tells a lane's governor of each message somebody complained about, the first time. A crash
/// between its answer and the note of the place tells it once more; counts halve in days, so that is no harm.
/// </summary>
/// <param name="governors">Asked when it is needed: the actor system is made with this in hand.</param>
internal sealed class LaneFeedback(
    ReadModel read, SiteLog sites, ShapingFile shaping, Func<IActorRef> governors)
{
    public const string Name = "lanes";

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    public Reactor ToReactor() => new(Name, e => Complaints(e).Any(), Follow, sites.PlaceOf);

    private static IEnumerable<Amendment> Complaints(ILedgerEvent e) =>
        e is MessagesAmended a ? a.Amendments.Where(x => x.Kind == AmendmentKind.Complaint) : [];

    private async Task Follow(int partition, ImmutableArray<NumberedEvent> events, CancellationToken cancel)
    {
        foreach (var e in events)
        {
            var complaints = Complaints(e.Event).ToList();
            foreach (var complaint in complaints) await Tell(complaint, cancel);
            if (complaints.Count > 0) await sites.NotePlace(partition, e.SequenceNr, cancel);
        }
        await sites.NotePlace(partition, events[^1].SequenceNr, cancel);
    }

    private async Task Tell(Amendment complaint, CancellationToken cancel)
    {
        // Whom a person complains to once and again is one complaint about the mail.
        if (await read.Find(complaint.Message, cancel) is not { } story
            || story.Events.FirstOrDefault(e => e.Amended?.Kind == AmendmentKind.Complaint)?.Amended?.Report != complaint.Report
            || LaneOf.Delivery(story, shaping.Current) is not { } lane) return;
        await governors().Ask<FeedbackTaken>(new ToGovernor(lane, new CountFeedback(1, 0)), Timeout, cancel);
    }
}

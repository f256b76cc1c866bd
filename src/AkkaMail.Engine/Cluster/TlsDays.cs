using System.Collections.Immutable;
using Akka.Actor;
using AkkaMail.Core.Tls;
using AkkaMail.Engine.Protocol;

namespace AkkaMail.Engine.Cluster;

/// <summary>One a node, at <c>/user/tls-days</c>: tells any node what this one counted of a day's encryption.</summary>
public sealed class TlsDays : ReceiveActor
{
    public const string Name = "tls-days";

    /// <param name="dayOf">What is counted of a day, in the order of <see cref="TlsPlace.InOrder"/>.</param>
    public static Props Props(Func<DateOnly, TlsDay> dayOf) => Akka.Actor.Props.Create(() => new TlsDays(dayOf));

    public TlsDays(Func<DateOnly, TlsDay> dayOf) => Receive<ReadTlsDay>(m => Sender.Tell(Page(dayOf(m.Day), m.After)));

    /// <summary>Those behind the place named, as many as go in an answer.</summary>
    internal static TlsDayPage Page(TlsDay day, TlsPlace? after)
    {
        var behind = after is { } place
            ? day.Domains.SkipWhile(d => TlsPlace.InOrder.Compare(d.Place, place) <= 0) : day.Domains;
        using var pages = NodeBounds.Cut(behind, NodeBytes.Of, ReadTlsDay.PageBytes).GetEnumerator();
        var first = pages.MoveNext() ? pages.Current : [];
        return new(day with { Domains = first, Dropped = after is null ? day.Dropped : 0 }, HasMore: pages.MoveNext());
    }

    /// <summary>What nodes answered, together.</summary>
    public static TlsDay Sum(DateOnly day, NodeAnswers<ImmutableArray<TlsDayPage>> all) =>
        TlsDay.Sum(day, [.. all.ByNode.Values.SelectMany(pages => pages).Select(page => page.Part)]);

    /// <summary>The question for what comes behind an answer; null: that was all.</summary>
    public static ReadTlsDay? AskOn(TlsDayPage page) =>
        page.HasMore ? new(page.Part.Day, page.Part.Domains[^1].Place) : null;
}

using System.Collections.Immutable;
using Akka.Actor;
using AkkaMail.Core.Tls;
using AkkaMail.Engine.Cluster;
using AkkaMail.Engine.Protocol;

namespace AkkaMail.Engine.Tests.Cluster;

/// <summary>A day of a node in pages, asked as <see cref="EveryNode"/> asks, and those of several nodes together.</summary>
public sealed class TlsDaysTests : Kit
{
    private static readonly DateOnly Day = new(2026, 11, 24);

    [Fact]
    public async Task All_domains_of_a_node_come_in_pages_once_each_and_count_once()
    {
        var one = DayOf(Enumerable.Range(0, 5_000), successful: 1);
        var two = DayOf(Enumerable.Range(4_000, 5_000), successful: 10);
        var all = new NodeAnswers<ImmutableArray<TlsDayPage>>(ImmutableSortedDictionary<string, ImmutableArray<TlsDayPage>>.Empty
            .Add("n1", await PagesOf(one)).Add("n2", await PagesOf(two)), []);

        var sum = TlsDays.Sum(Day, all);

        Assert.All(all.ByNode.Values, pages => Assert.InRange(pages.Length, 2, 20));
        Assert.Equal((9_000, 6L), (sum.Domains.Length, sum.Dropped));
        Assert.Equal(5_000 + 50_000, sum.Domains.Sum(d => d.Successful));
        Assert.Equal(1_000, sum.Domains.Count(d => d.Successful == 11));
    }

    private async Task<ImmutableArray<TlsDayPage>> PagesOf(TlsDay day)
    {
        var actor = Sys.ActorOf(TlsDays.Props(asked => asked == Day ? day : new(asked, [], 0)));
        var pages = ImmutableArray.CreateBuilder<TlsDayPage>();
        for (var next = new ReadTlsDay(Day); next is not null; next = TlsDays.AskOn(pages[^1]))
            pages.Add(await actor.Ask<TlsDayPage>(next, TimeSpan.FromSeconds(10)));
        return pages.ToImmutable();
    }

    private static TlsDay DayOf(IEnumerable<int> domains, long successful) => new(Day,
        [.. domains.Select(n => new TlsDomain($"d{n:D5}.test", null, successful,
            [new(TlsResult.StartTlsNotSupported, $"mx.d{n}.test", 1)]))], Dropped: 3);
}

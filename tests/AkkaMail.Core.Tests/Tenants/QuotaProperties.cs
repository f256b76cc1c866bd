using AkkaMail.Core.Tenants;

namespace AkkaMail.Core.Tests.Tenants;

/// <summary>
/// Several nodes with blocks, random requests and random time: whatever happens, what was used in a window is never
/// more than its limit. The use is counted here a second time, by the plain calendar.
/// </summary>
public sealed class QuotaProperties
{
    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 60)];

    [Theory, MemberData(nameof(Seeds))]
    public void No_window_is_ever_used_beyond_its_limit(int seed)
    {
        var world = new World(seed);
        for (var i = 0; i < 2_000; i++) world.Step();

        Assert.True(world.Granted > 0);
        Assert.All(world.UsedBy, u => Assert.True(u.Value <= world.Quota.LimitOf(u.Key.Window), $"{u.Key}: {u.Value}"));
    }

    [Theory, MemberData(nameof(Seeds))]
    public void A_replay_or_a_snapshot_and_the_rest_of_it_decide_the_same(int seed)
    {
        var world = new World(seed);
        for (var i = 0; i < 500; i++) world.Step();
        var half = new QuotaUse();
        foreach (var e in world.Events.Take(world.Events.Count / 2)) half.Apply(e);
        half = QuotaUse.From(half.ToSnapshot());
        foreach (var e in world.Events.Skip(world.Events.Count / 2)) half.Apply(e);
        var whole = new QuotaUse();
        foreach (var e in world.Events) whole.Apply(e);

        Assert.Equal(world.Answers(world.Use), world.Answers(whole));
        Assert.Equal(world.Answers(world.Use), world.Answers(half));
    }

    private sealed class World
    {
        private readonly Random _random;
        private readonly QuotaBlock?[] _nodes = new QuotaBlock?[3];
        private DateTimeOffset _now;

        public World(int seed)
        {
            _random = new(seed);
            // Near the end of a month, of a leap year's February for some.
            var month = new DateTimeOffset(2024 + seed % 3, 1 + seed % 12, 1, 0, 0, 0, TimeSpan.Zero);
            _now = month.AddMonths(1).AddMinutes(-30);
            Quota = new(Limit(20), Limit(200), Limit(2_000), 5 + _random.Next(20_000),
                seed % 2 == 0 ? QuotaMode.Reject : QuotaMode.Schedule);
        }

        public Quota Quota { get; }
        public QuotaUse Use { get; } = new();
        public List<IQuotaEvent> Events { get; } = [];
        public Dictionary<(QuotaWindow Window, DateTimeOffset Start), long> UsedBy { get; } = [];
        public int Granted { get; private set; }

        public void Step()
        {
            _now += TimeSpan.FromSeconds(_random.Next(100) == 0 ? _random.Next(40_000) : _random.Next(10));
            var (node, count) = (_random.Next(_nodes.Length), 1 + _random.Next(5));
            if (_random.Next(20) == 0) _nodes[node] = null;   // It crashed.
            var latest = _now.AddHours(72);
            if (_random.Next(5) == 0) { Exact(count, _now.AddSeconds(_random.Next(10_000)), latest); return; }
            if (_nodes[node] is not { } block || !block.Has(Quota, count, latest, _now))
            {
                if (_nodes[node] is { Left: > 0 } rest) Apply(new QuotaReturned(_now, rest.For, rest.Left));
                _nodes[node] = null;
                if (Use.Take(Quota, count, _now, latest, asBlock: true) is not QuotaGranted g) return;
                Apply(new QuotaTaken(_now, g.For, g.Count));
                _nodes[node] = block = new(Quota, g.For, g.Until, g.Count, g.IsLater);
            }
            _nodes[node] = block with { Left = block.Left - count };
            Count(block.Grant(count, _now) is { IsLater: true } later ? later.For : _now, count);
        }

        public List<QuotaAnswer> Answers(QuotaUse use) =>
        [
            .. from ahead in new[] { 0, 1, 59, 60, 3_600, 86_400, 3_000_000 }
            from count in new[] { 1, 3, 5 }
            select use.Take(Quota, count, _now.AddSeconds(ahead), _now.AddDays(40), asBlock: true),
        ];

        private void Exact(int count, DateTimeOffset at, DateTimeOffset latest)
        {
            if (Use.Take(Quota, count, at, latest, asBlock: false) is not QuotaGranted g) return;
            Assert.Equal(count, g.Count);
            Assert.True(g.For >= at && (g.For == at || Quota.Mode == QuotaMode.Schedule && g.For <= latest));
            Apply(new QuotaTaken(_now, g.For, g.Count));
            Count(g.For, count);
        }

        private void Apply(IQuotaEvent e)
        {
            Use.Apply(e);
            Events.Add(e);
        }

        private void Count(DateTimeOffset at, long count)
        {
            Granted++;
            foreach (var window in Quota.Windows.Where(w => Quota.LimitOf(w) is not null))
                UsedBy[(window, window.Start(at))] = UsedBy.GetValueOrDefault((window, window.Start(at))) + count;
        }

        private long? Limit(int about) => _random.Next(3) == 0 ? null : 5 + _random.Next(about);
    }
}

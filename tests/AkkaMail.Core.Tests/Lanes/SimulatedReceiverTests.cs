using AkkaMail.Simulator;

namespace AkkaMail.Core.Tests.Lanes;

/// <summary>The receiver that the other tests are played against does what its model says.</summary>
public sealed class SimulatedReceiverTests
{
    private const int Seed = 1;
    private ulong _recipient;

    [Theory]
    [InlineData(Counting.Bucket, 1, 14)]        // A second's worth at once, then at an even pace.
    [InlineData(Counting.Windows, 1, 20)]
    [InlineData(Counting.Windows, 60, 200)]
    [InlineData(Counting.Sliding, 1, 20)]
    public void It_allows_each_address_its_rate_by_its_own_way_of_counting(Counting counting, int seconds, int taken)
    {
        var receiver = new SimulatedReceiver(new()
        {
            Allowed = [new(default, 10)],
            Counting = counting,
            Window = TimeSpan.FromSeconds(seconds),
        }, Seed);

        var codes = Codes(receiver, count: 200, from: 0, to: counting == Counting.Bucket ? 0.5 : 1.9);

        Assert.Equal(taken, codes.Count(c => c == 250));
        Assert.All(codes.Where(c => c != 250), c => Assert.True(c is 421 or 451));
        Assert.Contains(250, Codes(receiver, 1, 60, 60, "other"));
    }

    [Fact]
    public void It_bounds_all_addresses_together()
    {
        var receiver = new SimulatedReceiver(new() { AllowedInAll = 10, Counting = Counting.Windows }, Seed);

        var codes = Codes(receiver, 8, 0, 0.5, "ip1").Concat(Codes(receiver, 8, 0.5, 0.9, "ip2"));

        Assert.Equal(10, codes.Count(c => c == 250));
    }

    [Fact]
    public void Who_oversteps_is_refused_for_the_penalty()
    {
        var receiver = new SimulatedReceiver(
            new() { Allowed = [new(default, 1)], Penalty = TimeSpan.FromSeconds(30) }, Seed);

        var codes = Codes(receiver, 2, 0, 0).Concat(Codes(receiver, 1, 29.9, 29.9)).Concat(Codes(receiver, 1, 31, 31));

        Assert.Equal([true, false, false, true], codes.Select(c => c == 250));
    }

    [Fact]
    public void A_new_recipient_is_put_off_until_it_comes_again_later()
    {
        var receiver = new SimulatedReceiver(new() { Greylist = TimeSpan.FromMinutes(5) }, Seed);

        var codes = new[] { 0, 299, 300, 400 }.Select(s => receiver.Take(TimeSpan.FromSeconds(s), "ip1", 7).Reply!.Code);

        Assert.Equal([450, 450, 250, 250], codes);
    }

    [Fact]
    public void One_connection_too_many_is_refused()
    {
        var receiver = new SimulatedReceiver(new() { ConnectionsMax = 2 }, Seed);

        var codes = new[] { 0, 1, 2 }.Select(open => receiver.Connect(default, "ip1", open)?.Reply!.Code).ToArray();

        Assert.Equal(new int?[] { null, null, 421 }, codes);
    }

    [Fact]
    public void It_counts_new_connections_by_the_minute_and_messages_by_the_connection()
    {
        var receiver = new SimulatedReceiver(new() { ConnectionsPerMinute = 2, MessagesPerConnection = 2 }, Seed);

        var opened = new[] { 0, 1, 2, 60, 60, 62 }
            .Select(s => receiver.Connect(TimeSpan.FromSeconds(s), "ip1", open: 0)?.Reply!.Code);
        var sent = new[] { 1, 2, 3 }.Select(nth => receiver.Take(default, "ip1", ++_recipient, nth).Reply!.Code);

        Assert.Equal(new int?[] { null, null, 421, null, 421, null }, opened);
        Assert.Equal([250, 250, 421], sent);
    }

    [Fact]
    public void What_it_refuses_may_count_too()
    {
        var receiver = new SimulatedReceiver(new()
        {
            Allowed = [new(default, 0.1)],
            Counting = Counting.Sliding,
            Window = TimeSpan.FromSeconds(30),
            CountsRefused = true,
        }, Seed);

        var asked = Codes(receiver, count: 70, from: 0, to: 70);

        Assert.Equal(3, asked.Count(c => c == 250));
    }

    [Fact]
    public void Over_its_limit_it_may_say_nothing()
    {
        var receiver = new SimulatedReceiver(new() { Allowed = [new(default, 1)], IsSilent = true }, Seed);

        var both = new ulong[] { 1, 2 }.Select(r => receiver.Take(default, "ip1", r)).ToList();

        Assert.Equal(new Answer(null, IsLimit: true), both[1]);
    }

    [Fact]
    public void A_storm_refuses_all_and_an_outage_says_nothing()
    {
        var receiver = new SimulatedReceiver(new() { Storms = [Minute(1)], Outages = [Minute(3)] }, Seed);

        var codes = new[] { 0, 60, 119, 120, 180, 239, 240 }
            .Select(s => receiver.Take(TimeSpan.FromSeconds(s), "ip1", 1).Reply?.Code);

        Assert.Equal(new int?[] { 250, 421, 421, 250, null, null, 250 }, codes);
    }

    public static TheoryData<string, int, double, double, double> Days => new()
    {
        { "clean", 1_000, 0, 0, 2 * 1.25 * 1.25 },
        { "a spike", 3_000, 0, 0, 2 * 1.25 * 0.5 },
        { "unknown users", 1_000, 0.2, 0, 2 * 0.5 * 0.5 },
        { "complaints", 1_000, 0, 0.01, 2 * 0.5 * 0.5 },
    };

    [Theory]
    [MemberData(nameof(Days))]
    public void Trust_grows_with_clean_days_and_is_halved_by_spikes_unknown_users_and_complaints(
        string _, int secondDay, double unknown, double complaints, double allowed)
    {
        var receiver = new SimulatedReceiver(new()
        {
            Allowed = [new(default, 2)],
            Counting = Counting.Windows,
            Window = TimeSpan.FromMinutes(1),
            TrustGrowth = 1.25,
            UnknownUsers = unknown,
            Complaints = complaints,
        }, Seed);
        Codes(receiver, 1_000, 0, 86_000);
        Codes(receiver, secondDay, 86_400, 172_000);

        var codes = Codes(receiver, 1_000, 172_800, 172_859);

        Assert.Equal(Math.Ceiling(allowed * 60), codes.Count(c => c is 250 or 550), 1.0);
    }

    [Fact]
    public void The_same_seed_gives_the_same_answers()
    {
        var model = new ReceiverModel { Allowed = [new(default, 10)], UnknownUsers = 0.3 };

        var three = new[] { 1, 1, 2 }.Select(seed => Codes(new(model, seed), 500, 0, 20)).ToList();

        Assert.Equal(three[0], three[1]);
        Assert.NotEqual(three[0], three[2]);
    }

    /// <summary>The answers to so many mails, evenly over the time in seconds.</summary>
    private List<int> Codes(SimulatedReceiver receiver, int count, double from, double to, string address = "ip1") =>
        [.. Enumerable.Range(0, count).Select(i => receiver.Take(
            TimeSpan.FromSeconds(from + (to - from) * i / count), address, ++_recipient).Reply!.Code)];

    private static Span Minute(int n) => new(TimeSpan.FromMinutes(n), TimeSpan.FromMinutes(n + 1));
}

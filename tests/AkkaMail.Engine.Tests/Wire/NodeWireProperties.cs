using System.Collections.Immutable;
using System.Text.Json;
using Akka.Actor;
using AkkaMail.Core.Attempts;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Lanes;
using AkkaMail.Core.Leases;
using AkkaMail.Core.Messages;
using AkkaMail.Core.Replies;
using AkkaMail.Core.Shaping;
using AkkaMail.Engine.Protocol;
using AkkaMail.Engine.Wire;
using CsCheck;

namespace AkkaMail.Engine.Tests.Wire;

/// <summary>
/// Whatever a node has to say, of any texts within their bounds: in pieces it is the same in the same order, no piece is
/// larger than it may be, and each arrives as it was. CsCheck prints the seed of what is not.
/// </summary>
public sealed class NodeWireProperties : IDisposable
{
    private const string Odd = "<\"\\'+\u0001\u00E4\u20AC\u044F";

    private static readonly Gen<char> AnyChar =
        Gen.OneOf(Gen.Char['a', 'z'], Gen.Int[0, Odd.Length - 1].Select(n => Odd[n]));

    private static Gen<string> Text(int most) => AnyChar.Array[0, most].Select(c => new string(c));

    private static readonly Gen<string> Name = Text(64);

    private static readonly Gen<DateTimeOffset> Time =
        Gen.Long[DateTimeOffset.UnixEpoch.UtcTicks, DateTimeOffset.MaxValue.UtcTicks]
            .Select(t => new DateTimeOffset(t, TimeSpan.Zero));

    private static readonly Gen<AttemptId> AnyId = Gen.Select(
        Gen.Int[0, 2], Gen.ULong, Gen.Int[0, 999], Gen.Int[1, int.MaxValue],
        (ledger, chance, index, number) => new AttemptId(
            new(SubmissionId.Create(ledger, new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero), chance), index), number));

    private static readonly Gen<SmtpReply> AnyReply = Gen.Select(
        Gen.Int[0, 599], Gen.Int[0, 5], Gen.OneOf(Text(80), Text(SmtpReply.TextMax)),
        (code, @class, text) => new SmtpReply(code, @class == 0 ? null : new(@class, 999, 999), text));

    private static readonly Gen<Attempt> AnyAttempt = Gen.Select(
        Gen.Select(AnyId, AnyReply, Text(255), Name, Name.Null()), Gen.Select(Time, Time, Gen.Long, Gen.Int, Gen.Bool),
        (texts, numbers) =>
        {
            var (id, reply, site, name, maybe) = texts;
            var (begun, ready, bytes, nth, hasAll) = numbers;
            return new Attempt(id, site, reply, AttemptEnd.Answered, maybe, name, SmtpStep.Dot, maybe, begun, new(bytes))
            {
                Departure = hasAll ? new(name, maybe, name, ready, HeldBy.Hold, nth) : null,
                Bytes = bytes,
                LocalAddress = maybe,
                Nth = nth,
                Judged = !hasAll ? Judgement.Own : new(
                    ReplyClass.Blocked, new(BounceReason.Blocked, true, new(5, 7, 1), name, site), new(bytes)),
            };
        });

    private readonly ActorSystem _system = ActorSystem.Create("properties");

    [Fact]
    public void Results_arrive_in_pieces_as_they_were() =>
        Gen.Select(AnyAttempt.Array[1, 60], Gen.Int[1, 12]).Sample((some, times) =>
        {
            var all = Enumerable.Repeat(some, times).SelectMany(a => a).ToList();   // Many, of few: making texts takes long.

            var heard = NodeBounds.Cut(all, NodeBytes.Of).Select(piece => (ToLedger)Arrives(
                new ToLedger(1_023, new ConcludeAttempts(piece)), NodeBounds.TargetBytes, piece.Length))
                .SelectMany(letter => ((ConcludeAttempts)letter.Message).Attempts);

            Assert.Equal(all, heard);
        }, iter: 200);

    [Fact]
    public void A_submission_arrives_as_it_was() =>
        Gen.Select(Name, Text(253).Array[1, 20], Gen.ULong.Array[1, 300], Time, Gen.Bool).Sample(any =>
        {
            var (name, domains, hashes, at, hasAll) = any;
            var facts = new SubmissionFacts
            {
                Tenant = name,
                Stream = name,
                Kind = StreamKind.Broadcast,
                ExpiresAt = at,
                Envelope = (long)hashes[0],
                Tags = [name],
                SendAt = hasAll ? at : null,
                By = hasAll ? name : null,
            };
            ImmutableArray<AcceptedRecipient> recipients = [.. hashes.Select((hash, n) => new AcceptedRecipient(
                domains[n % domains.Length], new(hash, ~hash), n % 3 == 0 ? n : null)
            { Engaged = n % 2 == 0 ? DateOnly.FromDayNumber(700_000 + n) : null })];
            var said = new AcceptSubmissions(
                hashes[0], [new(facts, recipients), new(facts, [])], hasAll ? new(1, hashes[0]) : null, new(hashes[0], 1), at);

            Assert.Equal(Json(said), Json(Arrives(said, NodeBounds.LargestBytes)));
        }, iter: 200);

    [Fact]
    public void Mail_handed_out_arrives_as_it_was() =>
        Gen.Select(Name, Text(253), AnyId.Array[0, TakeDue.CountMax], Time, Gen.Long, Gen.Bool).Sample(any =>
        {
            var (name, domain, ids, at, number, hasAll) = any;
            var queue = new QueueKey(domain, name, name, hasAll ? StreamKind.Transactional : null);
            var said = new HandedOut(7, queue, [.. ids.Select(id => new DueMessage(
                id.Message, id.Number, queue, number, at, at) { DueAt = at })], ids.Length)
            { Head = hasAll ? new(at, ids.Length) : null };

            var heard = (HandedOut)Arrives(said, NodeBounds.TargetBytes);

            Assert.Equal(said.Messages.AsEnumerable(), heard.Messages.AsEnumerable());
            Assert.Equal(said with { Messages = [] }, heard with { Messages = [] });
        }, iter: 200);

    [Fact]
    public void What_governors_are_told_goes_in_a_letter_a_shard_and_in_its_order() =>
        Gen.Select(Gen.Int[0, 400].Array[0, 400], AnyReply.Array[1, 30], Name).Sample((lanes, replies, name) =>
        {
            ImmutableArray<ToGovernor> words = [.. lanes.Select((lane, place) => new ToGovernor(
                new LimitKey.Lane(new("ip1", $"site{lane}.test")), place % 7 == 0 ? new LeaveLane(name, LaneReport.Empty)
                    : new RenewLease($"{name}{place}", new(1, 2), 3, 4, new(OutcomeCounts.None,
                        lane % 50 == 0 ? [.. replies.Select(r => new Said(CauseOf(r, name), 1))] : [], place))))];

            var letters = GovernorShards.Letters(words).ToList();

            foreach (var letter in letters)
            {
                Assert.All(letter.Words, w => Assert.Equal(letter.Shard, GovernorShards.Of(w.Limit)));
                var heard = (ToGovernors)Arrives(letter, NodeBounds.TargetBytes, letter.Words.Length);
                Assert.Equal(letter.Words.Select(w => w.Limit), heard.Words.Select(w => w.Limit));
            }
            foreach (var limit in words.GroupBy(w => w.Limit))
                Assert.Equal(limit, letters.SelectMany(l => l.Words).Where(w => w.Limit == limit.Key));
            Assert.Equal(words.Length, letters.Sum(l => l.Words.Length));
            if (!lanes.Any(l => l % 50 == 0)) Assert.InRange(letters.Count, 0, GovernorShards.Count);
        }, iter: 200);

    [Fact]
    public void Leases_arrive_as_they_were_and_are_no_larger_than_they_are_reckoned() =>
        Gen.Select(AnyReply.Array[0, 30], Name, Gen.Int[1, 60], AnyShares).Sample((replies, name, count, shares) =>
        {
            var at = DateTimeOffset.MaxValue;
            var pace = new Pace(1e-9, 1e9, 7, 7, at, at, name, name, CauseOf(new(421, null, name), name));
            var state = new LaneState(at, name, 0.1, int.MaxValue, pace,
                [.. replies.Select(r => new Hold(1, new Reaction.LimitConnections(7), new(ReactionScope.Stream, name, name),
                    at, at, name, name, CauseOf(r, name), name))],
                WarmUp.Begin(new(name, TimeSpan.FromDays(1), [.. Enumerable.Repeat(long.MaxValue, 400)])), 80,
                Standing.Fair, 0.001);
            var said = Enumerable.Range(0, count).Select(n => new Lease(
                new LimitKey.TenantTotal($"{name}{n}"), long.MaxValue, 0.1, 1, 2, at, 7, at, state)
            {
                Shares = shares.Select((s, place) => (s, place)).Where(s => (s.place + n) % 5 > 0)
                    .ToImmutableDictionary(s => $"{name}{s.place}", s => s.s with { Rate = s.s.Rate * (n % 3 + 1) }),
            }).ToList();

            var heard = LeaseLetters.Of(said)
                .SelectMany(letter => ((Leases)Arrives(letter, NodeBounds.TargetBytes, letter.Given.Length)).Given);

            foreach (var (before, after) in said.Zip(heard, (a, b) => (a, b)))
            {
                Assert.Equal(before.Shares.OrderBy(s => s.Key, StringComparer.Ordinal),
                    after.Shares.OrderBy(s => s.Key, StringComparer.Ordinal));
                Assert.Equal(Kept(before with { Shares = after.Shares }), Kept(after));
            }
            Assert.Equal(said.Select(l => l.Limit), heard.Select(l => l.Limit));
        }, iter: 100);

    private static readonly Gen<NodeShare[]> AnyShares = Gen.Select(
        Gen.Double[0, 1e6].Nullable(), Gen.OneOf(Gen.Int[0, 20], Gen.Int[0, int.MaxValue]), Gen.Bool,
        (rate, connections, wantsMore) => new NodeShare(rate, connections, wantsMore)).Array[0, 120];

    /// <summary>As nodes say it elsewhere, in JSON, where nothing is left out.</summary>
    private static string Kept(Lease lease) => JsonSerializer.Serialize(lease, NodeJson.Options);

    private static Cause CauseOf(SmtpReply reply, string name) => new(
        DateTimeOffset.MaxValue, DateTimeOffset.MaxValue, ReplyClass.RateLimited,
        reply with { Text = reply.Text[..Math.Min(reply.Text.Length, LaneReport.TextMax)] },
        new(new(new(ulong.MaxValue, ulong.MaxValue), int.MaxValue), int.MaxValue), name, name);

    /// <summary>What one is by itself may be larger than what is cut at, never than what arrives at all.</summary>
    private object Arrives(object said, int bytesMax, int parts = 2)
    {
        var serializer = new NodeMessageSerializer((ExtendedActorSystem)_system);
        var bytes = serializer.ToBinary(said);
        Assert.InRange(bytes.Length, 0, parts == 1 ? NodeBounds.LargestBytes : bytesMax + 64);
        return serializer.FromBinary(bytes, serializer.Manifest(said));
    }

    private static string Json(object o) => JsonSerializer.Serialize(o, o.GetType());

    public void Dispose() => _system.Dispose();
}

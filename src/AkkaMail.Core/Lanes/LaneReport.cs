using System.Collections.Immutable;
using AkkaMail.Core.Attempts;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Replies;

namespace AkkaMail.Core.Lanes;

/// <summary>
/// The reply that made us change something. <paramref name="BegunAt"/> is when its attempt began: what was under way
/// before a change is no comment on it.
/// </summary>
public sealed record Cause(
    DateTimeOffset At, DateTimeOffset BegunAt, ReplyClass Class, SmtpReply Reply, AttemptId Attempt, string Tenant,
    string Stream);

/// <summary>What was said <paramref name="Count"/> times; <paramref name="First"/> is the first of them.</summary>
public sealed record Said(Cause First, int Count);

/// <summary>
/// What a node saw on a lane since its last report. Equal replies are counted together; at <see cref="SaidMax"/>
/// different ones the rest is in <paramref name="Counts"/> only, so that a talkative receiver fills no memory.
/// <paramref name="Began"/> counts attempts begun.
/// </summary>
public sealed record LaneReport(OutcomeCounts Counts, ImmutableArray<Said> Said, int Began)
{
    public const int SaidMax = 50;

    /// <summary>Of a reply, as much as a rule or a person needs.</summary>
    public const int TextMax = 512;

    /// <summary>Connections in use at most since the report before.</summary>
    public int MostInUse { get; init; }

    /// <summary>How many wait for the lane on this node now.</summary>
    public int Waiting { get; init; }

    /// <summary>The same, with what is said of connections as if it were said of the rate.</summary>
    public LaneReport AsOfRate() => this with
    {
        Counts = Counts.Moved(ReplyClass.TooManyConnections, ReplyClass.RateLimited),
        Said = [.. Said.Select(s => s.First.Class != ReplyClass.TooManyConnections ? s
            : s with { First = s.First with { Class = ReplyClass.RateLimited } })],
    };

    public static LaneReport Empty { get; } = new(OutcomeCounts.None, [], 0);

    public bool IsEmpty => Counts.Total == 0 && Said.IsEmpty && Began == 0;
}

/// <summary>Gathers a lane's outcomes on a node until the next report.</summary>
public sealed class LaneTally
{
    private readonly Dictionary<(ReplyClass, int, string, string, string), (Cause First, int Count)> _said = [];
    private readonly int[] _counts = new int[OutcomeCounts.Classes];
    private int _began, _most;

    /// <param name="inUse">Connections, with this one.</param>
    public void Began(int inUse)
    {
        _began++;
        _most = Math.Max(_most, inUse);
    }

    public void Count(ReplyClass @class) => _counts[(int)@class]++;

    public void Add(Attempt attempt, string tenant, string stream, DateTimeOffset now)
    {
        var @class = attempt.Judged.Class;
        _counts[(int)@class]++;
        if (@class is ReplyClass.Accepted or ReplyClass.Own) return;
        var reply = attempt.Reply;
        if (reply.Text.Length > LaneReport.TextMax) reply = reply with { Text = reply.Text[..LaneReport.TextMax] };
        var key = (@class, reply.Code, reply.Text, tenant, stream);
        if (_said.TryGetValue(key, out var known)) _said[key] = (known.First, known.Count + 1);
        else if (_said.Count < LaneReport.SaidMax)
            _said.Add(key, (new(now, attempt.StartedAt, @class, reply, attempt.Id, tenant, stream), 1));
    }

    public LaneReport Drain(int inUse, int waiting)
    {
        var isEmpty = _began == 0 && _said.Count == 0 && _counts.All(c => c == 0);
        var report = (isEmpty ? LaneReport.Empty
            : new(new([.. _counts]), [.. _said.Values.Select(s => new Said(s.First, s.Count))], _began)) with
        {
            MostInUse = Math.Max(_most, inUse),
            Waiting = waiting,
        };
        _said.Clear();
        Array.Clear(_counts);
        _began = _most = 0;
        return report;
    }
}

using System.Text;
using AkkaMail.Core.Attempts;
using AkkaMail.Core.Lanes;
using AkkaMail.Core.Leases;
using AkkaMail.Core.Tls;

namespace AkkaMail.Engine.Protocol;

/// <summary>
/// At most so many bytes has a part of a message between nodes, whatever its form: numbers by their longest, text by
/// what it may take. Counted before anything is written, so that one node alone pays nearly nothing for it.
/// </summary>
internal static class NodeBytes
{
    /// <summary>An attempt's numbers, and the lengths of its texts, in protobuf.</summary>
    private const int Attempt = 256;

    /// <summary>Names and numbers of one object in JSON.</summary>
    private const int Form = 320;

    private const int Number = 24, NodeForm = 96;

    public static int Of(Attempt a)
    {
        var bytes = Attempt + Utf8(a.Reply.Text) + Utf8(a.Site) + Utf8(a.Mx) + Utf8(a.Source) + Utf8(a.Tls)
            + Utf8(a.LocalAddress);
        if (a.Departure is { } d) bytes += Utf8(d.Pool) + Utf8(d.Provider) + Utf8(d.Shaping);
        if (a.Judged.Verdict is { } v) bytes += Utf8(v.Rule) + Utf8(v.Version);
        return bytes;
    }

    public static int Of(ToGovernor word) => Form + Json(word.Limit.ToString()) + word.Message switch
    {
        RenewLease m => Json(m.Node) + Of(m.Report),
        LeaveLane m => Json(m.Node) + Of(m.Report),
        _ => throw new ArgumentException($"{word.Message.GetType()} goes by itself"),
    };

    public static int Of(Lease l) => Form + Json(l.Limit.ToString()) + Of(l.State)
        + l.Shares.Sum(s => NodeForm + Json(s.Key));

    public static int Of(NodeLane l) => Form + Json(l.Lane.Source) + Json(l.Lane.Site) + Json(l.Node)
        + (l.Lease is { } lease ? Of(lease) : 0);

    public static int Of(TlsDomain d) => Form + Json(d.Domain) + d.Failures.Sum(f => NodeForm + Json(f.MxHost))
        + (d.Policy is { } p ? Form + Json(p.Id) + p.Mx.Sum(mx => Number + Json(mx)) : 0);

    private static int Of(LaneReport r) => Form + r.Said.Sum(s => Number + Of(s.First));

    private static int Of(LaneState s) => Form + Json(s.Version) + s.Nodes.Sum(n => Number + Json(n)) + Of(s.Pace)
        + s.Holds.Sum(Of) + (s.WarmUp is { } w ? Form + Json(w.Plan.Name) + Number * w.Plan.Stages.Length : 0);

    private static int Of(Pace p) => Form + Json(p.Rule) + Json(p.Version) + Of(p.Cause);

    private static int Of(Hold h) => Form + Json(h.Rule) + Json(h.Version) + Json(h.Note) + Json(h.By)
        + Json(h.Target.Tenant) + Json(h.Target.Stream) + Of(h.Cause);

    private static int Of(Cause? c) => c is null ? 0 : Form + Json(c.Reply.Text) + Json(c.Tenant) + Json(c.Stream);

    private static int Utf8(string? text) => text is null ? 0 : Encoding.UTF8.GetByteCount(text);

    /// <summary>A control character stands there as <c>\u0000</c>.</summary>
    private static int Json(string? text) => 6 * (text?.Length ?? 0);
}

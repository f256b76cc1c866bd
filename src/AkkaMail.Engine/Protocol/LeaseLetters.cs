using System.Text;
using AkkaMail.Core.Lanes;
using AkkaMail.Core.Leases;

namespace AkkaMail.Engine.Protocol;

/// <summary>
/// Leases of one node in as few letters as they go in. A letter has each text and each rate once, so what a lease adds
/// to one depends on those before it; that is counted before anything is written, as in <see cref="NodeBytes"/>.
/// </summary>
internal static class LeaseLetters
{
    /// <summary>The numbers of a lease and its state, by their longest, and the lengths of its parts.</summary>
    private const int Form = 512;

    private const int OfCause = 192, OfHold = 192, OfWarmUp = 192, OfStage = 10, OfLength = 6, OfRate = 8;

    public static IEnumerable<Leases> Of(IEnumerable<Lease> leases) =>
        NodeBounds.CutBy(leases, () => new Letter().Add).Select(some => new Leases(some));

    private sealed class Letter
    {
        private readonly HashSet<string> _texts = [];
        private readonly HashSet<double> _rates = [];

        /// <summary>At most so many bytes more it has with this lease.</summary>
        public int Add(Lease l)
        {
            var bytes = Form + Utf8(l.Limit.ToString()) + Text(l.State.Version) + Of(l.State);
            foreach (var (node, share) in l.Shares)
            {
                bytes += Text(node);
                if (share.Rate is { } rate && _rates.Add(rate)) bytes += OfRate;
                bytes += Digits((ulong)_texts.Count) + Digits((ulong)_rates.Count)
                    + Digits((ulong)(uint)share.Connections << 1);
            }
            return bytes;
        }

        private int Text(string text) => _texts.Add(text) ? OfLength + Utf8(text) : 0;
    }

    private static int Of(LaneState s) => Utf8(s.Pace.Rule) + Utf8(s.Pace.Version) + Of(s.Pace.Cause) + s.Holds.Sum(Of)
        + (s.WarmUp is { } w ? OfWarmUp + Utf8(w.Plan.Name) + OfStage * w.Plan.Stages.Length : 0);

    private static int Of(Hold h) => OfHold + Utf8(h.Rule) + Utf8(h.Version) + Utf8(h.Note) + Utf8(h.By)
        + Utf8(h.Target.Tenant) + Utf8(h.Target.Stream) + Of(h.Cause);

    private static int Of(Cause? c) =>
        c is null ? 0 : OfCause + Utf8(c.Reply.Text) + Utf8(c.Tenant) + Utf8(c.Stream);

    private static int Utf8(string? text) => text is null ? 0 : Encoding.UTF8.GetByteCount(text);

    /// <summary>Seven bits a byte.</summary>
    private static int Digits(ulong number)
    {
        var bytes = 1;
        while ((number >>= 7) > 0) bytes++;
        return bytes;
    }
}

using System.Collections.Immutable;

namespace AkkaMail.Core.Replies;

/// <summary>How many outcomes of each <see cref="ReplyClass"/>, by its number.</summary>
public readonly struct OutcomeCounts(ImmutableArray<int> counts)
{
    public static readonly int Classes = Enum.GetValues<ReplyClass>().Length;

    private readonly ImmutableArray<int> _counts = counts;

    public static OutcomeCounts None => default;

    public ImmutableArray<int> Numbers => _counts.IsDefault ? [] : _counts;

    /// <summary>Zero for a class that a newer version knows and the writer did not.</summary>
    public int this[ReplyClass c] => _counts.IsDefault || (int)c >= _counts.Length ? 0 : _counts[(int)c];

    /// <summary>All that a receiver answered, or failed to; our own outcomes are not among them.</summary>
    public int Total => _counts.IsDefault ? 0 : _counts.Sum() - this[ReplyClass.Own];

    public OutcomeCounts Plus(OutcomeCounts other)
    {
        var sum = new int[Classes];
        for (var i = 0; i < sum.Length; i++) sum[i] = this[(ReplyClass)i] + other[(ReplyClass)i];
        return new([.. sum]);
    }

    /// <summary>The same with <paramref name="from"/> counted as <paramref name="to"/>.</summary>
    public OutcomeCounts Moved(ReplyClass from, ReplyClass to)
    {
        var counts = new int[Classes];
        for (var i = 0; i < counts.Length; i++) counts[i] = this[(ReplyClass)i];
        counts[(int)to] += counts[(int)from];
        counts[(int)from] = 0;
        return new([.. counts]);
    }

    public static OutcomeCounts Of(params ReadOnlySpan<(ReplyClass Class, int Count)> some)
    {
        var counts = new int[Classes];
        foreach (var (c, n) in some) counts[(int)c] += n;
        return new([.. counts]);
    }
}

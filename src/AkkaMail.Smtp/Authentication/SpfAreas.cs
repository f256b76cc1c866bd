using System.Net.Sockets;

namespace AkkaMail.Smtp.Authentication;

/// <summary>
/// What a host's record makes of any address. Of all that no term of it tells apart one is asked about, so that an
/// evaluation may stand for a network, or for every address there is.
/// </summary>
/// <param name="terms">What stands in the place of the record; null: that.</param>
internal sealed class SpfAreas(SpfLookups dns, string host, SpfTerms? terms = null)
{
    /// <summary>
    /// Evaluations, and those of them that ask DNS for each address anew: a record is of 64 KB, and anybody's.
    /// </summary>
    private const int AskedMax = 1_000, OfAddressMax = 50;

    private static readonly Comparer<AddressRange> ByFirst = Comparer<AddressRange>.Create((a, b) =>
        (a.Family, a.First).CompareTo((b.Family, b.First)));

    private readonly List<AddressRange> _ranges = [];
    private readonly List<SpfJudged> _judged = [];
    private int _ofAddress;

    /// <summary>Null: it has been asked as often as it will be.</summary>
    public async Task<SpfJudged?> AskAsync(AddressFamily family, UInt128 value)
    {
        var at = _ranges.BinarySearch(new(family, value, value), ByFirst);
        var before = at >= 0 ? at : ~at - 1;
        if (before >= 0 && _ranges[before].Family == family && _ranges[before].Contains(value)) return _judged[before];
        if (_ranges.Count == AskedMax || _ofAddress == OfAddressMax) return null;
        var judged = await SpfCheck.JudgeAsync(dns, AddressRange.All(family).At(value), host, terms);
        if (judged.IsOfAddress) _ofAddress++;
        _ranges.Insert(~at, judged.Holds);
        _judged.Insert(~at, judged);
        return judged;
    }
}

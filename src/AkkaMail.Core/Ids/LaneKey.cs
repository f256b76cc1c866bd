namespace AkkaMail.Core.Ids;

/// <summary>
/// What has a rate, a connection limit, a warm-up stage and a reputation: a source as one site sees it.
/// </summary>
public readonly record struct LaneKey(string Source, string Site)
{
    public override string ToString() => $"{Source}@{Site}";
}

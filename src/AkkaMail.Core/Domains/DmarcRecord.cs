namespace AkkaMail.Core.Domains;

/// <summary>
/// How a domain's DMARC record stands: its own, or where it has none that of its organization (RFC 7489 §6.6.3), as
/// receivers look for it.
/// </summary>
public static class DmarcRecord
{
    /// <summary>§6.6.3: what else is at the name is left out of account, and several make none.</summary>
    public static List<string> In(DnsAnswer answer) =>
        [.. answer.Values.Where(v => v.StartsWith("v=DMARC1", StringComparison.Ordinal))];

    internal static RecordCheck Judge(DnsRecord record, DnsAnswer answer)
    {
        var records = In(answer);
        if (records.Count == 0) return Above(record, answer) ?? DomainCheck.Missing(record, answer);
        if (records.Count > 1)
            return Wrong($"There are {records.Count} DMARC records, which count as none; leave one.");
        if (TagList.Parse(records[0]) is not { } tags || tags.First != "v" || tags["v"] != "DMARC1")
            return Wrong($"It cannot be read; replace it by: {record.Value}");
        if (Request(tags["p"]) is not { } policy) return Wrong("p= must be none, quarantine or reject.");
        return new(record, RecordState.Found, answer.Values, AddOurs(record, tags) is { } rua
            ? $"Add {rua} to rua= to see reports here." : null)
        { Policy = policy };

        RecordCheck Wrong(string advice) => new(record, RecordState.Wrong, answer.Values, advice);
    }

    /// <summary>
    /// Null: there is none above that counts. To publish one of its own would take the organization's policy from a
    /// domain.
    /// </summary>
    private static RecordCheck? Above(DnsRecord record, DnsAnswer answer)
    {
        if (answer.Above is not { } above) return null;
        if (above.Fault is { } fault)
            return new(record, RecordState.Unknown, answer.Values,
                $"It has none of its own, and DNS did not say whether {above.Name} has one: {fault}.");
        if (In(above) is not [{ } text] || DmarcPolicy.Parse(text) is null || TagList.Parse(text) is not { } tags)
            return null;
        // §6.3: sp= is for what is below; without it p= is.
        var (tag, policy) = Request(tags["sp"]) is { } below ? ("sp", below) : ("p", Request(tags["p"]) ?? "none");
        var holds = $"{above.Name} holds for it, with {tag}={policy}.";
        return new(record, RecordState.Found, above.Values,
            AddOurs(record, tags) is { } rua ? $"{holds} Add {rua} to its rua= to see reports here." : holds)
        { Policy = policy };
    }

    /// <summary>Where we want reports, and it sends none; null: it does, or we want none.</summary>
    private static string? AddOurs(DnsRecord record, TagList tags) =>
        TagList.Parse(record.Value)!["rua"] is { } ours
            && tags["rua"]?.Contains(ours, StringComparison.OrdinalIgnoreCase) != true ? ours : null;

    private static string? Request(string? tag) =>
        tag?.ToLowerInvariant() is "none" or "quarantine" or "reject" ? tag.ToLowerInvariant() : null;
}

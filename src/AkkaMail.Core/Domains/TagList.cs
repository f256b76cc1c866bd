namespace AkkaMail.Core.Domains;

/// <summary>
/// <c>name=value; name=value</c> as DKIM (RFC 6376 §3.2), DMARC and TLS-RPT records write it: order and white space do
/// not matter. Null of <see cref="Parse"/>: a tag without '=' or one that stands twice.
/// </summary>
public sealed class TagList
{
    private readonly Dictionary<string, string> _tags = [];

    /// <summary>The name of the first tag.</summary>
    public string First { get; private set; } = "";

    public string? this[string name] => _tags.GetValueOrDefault(name);

    public static TagList? Parse(string text)
    {
        var list = new TagList();
        foreach (var part in text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            if (equals < 1) return null;
            var name = part[..equals].Trim();
            if (!list._tags.TryAdd(name, part[(equals + 1)..].Trim())) return null;
            if (list.First.Length == 0) list.First = name;
        }
        return list;
    }

    public static string WithoutSpace(string value) => string.Concat(value.Where(c => !char.IsWhiteSpace(c)));
}

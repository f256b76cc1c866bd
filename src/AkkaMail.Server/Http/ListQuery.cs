using System.Buffers.Text;
using System.Globalization;
using System.Text;
using AkkaMail.Core.Ids;
using AkkaMail.Server.Refusals;

namespace AkkaMail.Server.Http;

/// <summary>What the queries of lists have in common.</summary>
internal static class ListQuery
{
    public const int LimitMax = 500;
    public const int LimitDefault = 50;

    public static int Limit(string? text, List<FieldError> errors)
    {
        if (text is null) return LimitDefault;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit)
            && limit is >= 1 and <= LimitMax) return limit;
        errors.Add(new("limit", $"is not a number from 1 to {LimitMax}"));
        return LimitDefault;
    }

    /// <summary>The number in the cursor of a list whose entries have numbers.</summary>
    public static long? Number(string? cursor, List<FieldError> errors)
    {
        if (Before(cursor, errors) is not { } text) return null;
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0)
            return number;
        errors.Add(new("cursor", "is not a cursor of this list"));
        return null;
    }

    /// <summary>The cursor that has this number in it; null: there is no more.</summary>
    public static string? Cursor(long? number) =>
        number is { } n ? Cursor(n.ToString(CultureInfo.InvariantCulture)) : null;

    private static string Cursor(string name) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(name));

    /// <summary>
    /// A page of what is in memory, by its name. The cursor is the name before
    /// the page in base64url (RFC 4648 §5), which goes into any URL as it is, and need not be there any more.
    /// </summary>
    public static (IReadOnlyList<T> Page, string? Next) Page<T>(
        IEnumerable<T> all, Func<T, string> name, int limit, string? before)
    {
        var some = all.Where(x => before is null || string.CompareOrdinal(name(x), before) > 0)
            .OrderBy(name, StringComparer.Ordinal).Take(limit + 1).ToList();
        return some.Count <= limit ? (some, null)
            : (some[..limit], Cursor(name(some[limit - 1])));
    }

    /// <summary>The name in the cursor of a list whose entries have names.</summary>
    public static string? Before(string? cursor, List<FieldError> errors)
    {
        if (cursor is null) return null;
        try { return Strict.GetString(Base64Url.DecodeFromChars(cursor)); }
        catch (Exception e) when (e is FormatException or DecoderFallbackException)
        {
            errors.Add(new("cursor", "is not a cursor of this list"));
            return null;
        }
    }

    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    /// <summary>One of the words of <typeparamref name="T"/>.</summary>
    public static T? Word<T>(string field, string? text, List<FieldError> errors) where T : struct, Enum
    {
        if (text is null) return null;
        if (Words.Parse<T>(text) is { } known) return known;
        errors.Add(new(field, $"must be one of {string.Join(", ", Words.Of<T>())}"));
        return null;
    }

    /// <summary>An RFC 3339 time, or a date: the beginning of that day in UTC.</summary>
    public static DateTimeOffset? Time(string field, string? text, List<FieldError> errors)
    {
        if (text is null) return null;
        // A + that was not written as %2B arrives as a blank.
        var offset = text.LastIndexOf(' ');
        var written = offset > "2026-05-01T12".Length ? $"{text[..offset]}+{text[(offset + 1)..]}" : text;
        if (Rfc3339.TryParse(written, out var time)) return time;
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
            return new(day, TimeOnly.MinValue, TimeSpan.Zero);
        errors.Add(new(field, "is not an RFC 3339 time, e.g. 2026-05-01T12:00:00Z"));
        return null;
    }
}

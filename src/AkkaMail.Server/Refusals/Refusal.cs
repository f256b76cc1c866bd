namespace AkkaMail.Server.Refusals;

/// <summary>
/// Something is not done, and why: in words for people, and with the fields that are wrong. Each door has one table that
/// says it in the door's own form.
/// </summary>
public sealed record Refusal(RefusalCode Code, string Title, string? Detail = null)
{
    /// <summary>Each faulty field; empty: it is not about a field.</summary>
    public IReadOnlyList<FieldError> Errors { get; init; } = [];

    /// <summary>How long to wait before the same is sent again; null: nobody knows, or it would change nothing.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>How much may be had of what is used up; null: it is not about a limit over time.</summary>
    public long? Limit { get; init; }

    /// <summary>How much of it is left, which is less than was asked for; null: nobody knows how much.</summary>
    public long? Remaining { get; init; }

    /// <summary>Errors in the detail; all are in the list.</summary>
    private const int Shown = 3;

    public static Refusal Invalid(IReadOnlyList<FieldError> errors) => new(
        RefusalCode.Invalid, "The request is not valid",
        string.Join("; ", errors.Take(Shown).Select(e => $"{e.Field}: {e.Message}"))
            + (errors.Count > Shown ? $"; and {errors.Count - Shown} more" : ""))
    { Errors = errors };

    public static Refusal Field(string field, string message) => Invalid([new(field, message)]);

    /// <summary>Nothing is promised and nothing is lost: the client sends the same again.</summary>
    public static Refusal Unavailable(string detail) =>
        new(RefusalCode.Unavailable, "Not now", detail) { RetryAfter = TimeSpan.FromSeconds(2) };
}

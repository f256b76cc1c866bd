using System.ComponentModel.DataAnnotations;

namespace AkkaMail.Server.Options;

public sealed class RetentionOptions : IValidatableObject
{
    public const string Section = "AkkaMail:Retention";

    // A year and a month: last December can be compared with this one.
    public const int FiguresKeptDays = 400;

    /// <summary>How long bodies are kept after a message's time is over. Default 7 days.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "3650.00:00:00")]
    public TimeSpan Content { get; set; } = TimeSpan.FromDays(7);

    /// <summary>How long addresses (envelopes) are kept after a message's time is over. Default 90 days.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "3650.00:00:00")]
    public TimeSpan Envelopes { get; set; } = TimeSpan.FromDays(90);

    /// <summary>
    /// How long mails that came in (bounces, complaints) are kept, with their addresses. Default 30 days.
    /// </summary>
    [Range(typeof(TimeSpan), "01:00:00", "3650.00:00:00")]
    public TimeSpan Returned { get; set; } = TimeSpan.FromDays(30);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Content > Envelopes)
            yield return new ValidationResult(
                $"Retention:Content ({Content}) is longer than AkkaMail:Retention:Envelopes ({Envelopes}).", [nameof(Content)]);
    }
}

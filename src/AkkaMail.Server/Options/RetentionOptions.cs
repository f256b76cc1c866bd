using System.ComponentModel.DataAnnotations;
using AkkaMail.Storage.Messages;

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

    /// <summary>
    /// How long messages are shown, in lists and by their id, after they were accepted. What has not ended stays, and what
    /// has ended at least as long as its story (Lines). What comes back later (bounces, complaints) counts nowhere.
    /// Default 90 days.
    /// </summary>
    [Range(typeof(TimeSpan), "2.00:00:00", "3650.00:00:00")]
    [DefaultOf<MessageRetention>(nameof(MessageRetention.Messages))]
    public TimeSpan Messages { get; set; } = MessageRetention.Default.Messages;

    /// <summary>
    /// How long the events of a story are kept after they were recorded, by whole days (UTC). What has not ended keeps
    /// its whole story. Default 30 days.
    /// </summary>
    [Range(typeof(TimeSpan), "2.00:00:00", "3650.00:00:00")]
    [DefaultOf<MessageRetention>(nameof(MessageRetention.Lines))]
    public TimeSpan Lines { get; set; } = MessageRetention.Default.Lines;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Content > Envelopes)
            yield return new ValidationResult(
                $"Retention:Content ({Content}) is longer than AkkaMail:Retention:Envelopes ({Envelopes}).", [nameof(Content)]);
        if (Lines > Messages)
            yield return new ValidationResult(
                $"Retention:Lines ({Lines}) is longer than AkkaMail:Retention:Messages ({Messages}).", [nameof(Lines)]);
    }
}

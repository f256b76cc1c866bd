using System.ComponentModel.DataAnnotations;
using AkkaMail.Core.Shaping;

namespace AkkaMail.Server.Options;

public sealed class RetryOptions : IValidatableObject
{
    public const string Section = "AkkaMail:Retry";

    /// <summary>Wait before the second try, doubled at each further one. Default 15 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    [DefaultOf<RetrySchedule>(nameof(RetrySchedule.FirstDelay))]
    public TimeSpan FirstDelay { get; set; } = RetrySchedule.Default.FirstDelay;

    /// <summary>The longest wait. Default 4 hours.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "2.00:00:00")]
    [DefaultOf<RetrySchedule>(nameof(RetrySchedule.MaxDelay))]
    public TimeSpan MaxDelay { get; set; } = RetrySchedule.Default.MaxDelay;

    /// <summary>Each wait is moved by up to this share of itself. Default 0.1.</summary>
    [Range(0, 0.5)]
    [DefaultOf<RetrySchedule>(nameof(RetrySchedule.Jitter))]
    public double Jitter { get; set; } = RetrySchedule.Default.Jitter;

    public RetrySchedule ToSchedule() => new(FirstDelay, MaxDelay, Jitter);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (FirstDelay > MaxDelay)
            yield return new ValidationResult(
                $"Retry:FirstDelay ({FirstDelay}) is longer than AkkaMail:Retry:MaxDelay ({MaxDelay}).", [nameof(FirstDelay)]);
    }
}

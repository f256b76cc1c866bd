using System.ComponentModel.DataAnnotations;

namespace AkkaMail.Server.Options;

public sealed class EngagementOptions
{
    public const string Section = "AkkaMail:Engagement";

    /// <summary>
    /// How long ago a recipient may have shown life to go first, in streams with <c>engaged_first</c>. Default 90 days.
    /// </summary>
    [Range(typeof(TimeSpan), "1.00:00:00", "400.00:00:00")]
    public TimeSpan Recent { get; set; } = TimeSpan.FromDays(90);

    /// <summary>
    /// How long the acceptance of a mail waits to hear that; then it is accepted without, and goes as it came. Default 250
    /// ms.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:00:10")]
    public TimeSpan LookUpTimeout { get; set; } = TimeSpan.FromMilliseconds(250);
}

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
}

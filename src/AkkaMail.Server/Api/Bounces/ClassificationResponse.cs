using AkkaMail.Core.Ids;
using AkkaMail.Core.Replies;

namespace AkkaMail.Server.Api.Bounces;

/// <summary>What a reply was taken to mean.</summary>
/// <param name="Fault">Who can mend it.</param>
/// <param name="Bounce">
/// <c>hard</c>: the address should get no mail any more. <c>soft</c>: not this mail. <c>transient</c>: not now.
/// </param>
/// <param name="Category">Its kind in the words of other products.</param>
/// <param name="Reason">Its reason.</param>
/// <param name="Rule">The bounce rule that says so.</param>
/// <param name="Version">The version of the bounce rules.</param>
public sealed record ClassificationResponse(
    [WordsOf<BounceFault>] string Fault, [WordsOf<Permanence>] string Bounce,
    [WordsOf<BounceCategory>] string Category, [WordsOf<BounceReason>] string Reason, string Rule, string Version)
{
    public static ClassificationResponse? Of(Verdict? v) => v is null ? null : new(
        v.Fault.ToWord(), v.Permanence.ToWord(), v.Category.ToWord(), v.Reason.ToWord(), v.Rule, v.Version);
}

using System.Collections.Immutable;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Mail;
using AkkaMail.Core.Suppression;

namespace AkkaMail.Core.Hygiene;

/// <summary>Bad: mail would bounce, is not wanted, or is sent twice. Risky: somebody should look.</summary>
public enum HygieneResult { [Word("ok")] Ok, [Word("risky")] Risky, [Word("bad")] Bad }

/// <summary>
/// All that is known of an address of a list. <paramref name="Problem"/> says why it is none;
/// <paramref name="Suppressed"/> is what its suppression came from, null without one.
/// </summary>
public sealed record AddressFindings(
    string? Problem, DomainFindings Domain, bool IsRole, bool IsDuplicate, SuppressionOrigin? Suppressed)
{
    private static readonly DomainFindings NoDomain = new(MxKind.Unknown, false, null);

    public static AddressFindings NoAddress(string problem) => new(problem, NoDomain, false, false, null);

    public static AddressFindings Of(
        Mailbox mailbox, DomainFindings domain, bool isDuplicate, SuppressionOrigin? suppressed) =>
        new(null, domain, RoleAccounts.Has(mailbox.LocalPart), isDuplicate, suppressed);

    public HygieneResult Result => Reasons.Length == 0 ? HygieneResult.Ok
        : Problem is not null || Domain.Mx.TakesNone() || Suppressed is not null || IsDuplicate ? HygieneResult.Bad
        : HygieneResult.Risky;

    /// <summary>One word for each thing that keeps it from being ok, the worst first.</summary>
    public ImmutableArray<string> Reasons { get; } = [.. new[]
    {
        Problem is null ? null : "syntax",
        Problem is not null || Domain.Mx == MxKind.Found ? null : $"mx_{Domain.Mx.ToWord()}",
        Suppressed is { } origin ? $"suppressed_{origin.ToWord()}" : null,
        IsDuplicate ? "duplicate" : null,
        Domain.IsDisposable ? "disposable" : null,
        Domain.DidYouMean is null ? null : "misspelt",
        IsRole ? "role" : null,
    }.OfType<string>()];
}

using System.Globalization;
using AkkaMail.Core.Domains;
using AkkaMail.Core.Tenants;
using AkkaMail.Server.Access;
using AkkaMail.Server.Accounts;
using AkkaMail.Server.Api.Tenants;
using AkkaMail.Server.Http;
using AkkaMail.Server.Refusals;

namespace AkkaMail.Server.Api.Domains;

/// <summary>The UTC days a question about reports is of, both included.</summary>
internal readonly record struct ReportRange(DateOnly From, DateOnly To)
{
    /// <summary>A quarter. With it and the limit of a day an answer is bounded, and needs no cursor.</summary>
    public const int DaysMax = 92;

    private const int DaysDefault = 30;

    public static ReportRange Parse(string? from, string? to, TimeProvider time, List<FieldError> errors)
    {
        var last = Day("to", to, errors) ?? DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
        var first = Day("from", from, errors) ?? last.AddDays(Math.Max(1 - DaysDefault, -last.DayNumber));
        if (first > last) errors.Add(new("from", "is after to"));
        else if (last.DayNumber - first.DayNumber >= DaysMax)
            errors.Add(new("from", $"is over {DaysMax} days before to: ask for a quarter at a time"));
        return new(first, last);
    }

    private static DateOnly? Day(string field, string? text, List<FieldError> errors)
    {
        if (text is null) return null;
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
            return day;
        errors.Add(new(field, "is not a day: write 2026-11-24"));
        return null;
    }
}

/// <summary>
/// A question about the reports of a domain of the caller's; <paramref name="Most"/> are told apart a day.
/// </summary>
internal sealed record ReportQuestion(RegisteredDomain Domain, ReportRange Range, int Most)
{
    /// <summary>The question, or the problem that is the answer.</summary>
    public static (ReportQuestion? Question, IResult? Problem) Read(
        string domain, Caller caller, AccountParts parts, string? from, string? to, string? limit)
    {
        if (DomainName.Parse(domain, out _) is not { } name
            || parts.Accounts.Domains.Find(name, caller.Tenant) is not { } found)
            return (null, AccountProblems.Of(AccountRefusal.UnknownDomain));
        var errors = new List<FieldError>();
        var range = ReportRange.Parse(from, to, parts.Time, errors);
        var most = ListQuery.Limit(limit, errors);
        return errors.Count > 0 ? (null, Problem.Invalid(errors)) : (new(found, range, most), null);
    }
}

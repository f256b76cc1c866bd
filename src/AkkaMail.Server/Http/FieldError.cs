namespace AkkaMail.Server.Http;

/// <summary>
/// One thing wrong with a request. <paramref name="Field"/> is its whole path (<c>personalizations[3].to[0]</c>),
/// <c>$</c> for the body itself; <paramref name="Message"/> goes on where the field's name ends. A file that people
/// edit has a <paramref name="Line"/>, from 1.
/// </summary>
public sealed record FieldError(string Field, string Message, int? Line = null);

/// <summary>Gathers all errors, so that a sender mends a request once and not error by error.</summary>
internal sealed class FieldErrors
{
    /// <summary>More would only make the answer long: ten thousand bad addresses are one mistake.</summary>
    public const int Max = 100;

    private readonly List<FieldError> _errors = [];

    public IReadOnlyList<FieldError> All => _errors;

    public void Add(string field, string message)
    {
        if (_errors.Count < Max) _errors.Add(new(field, message));
    }

    /// <summary>A rule's word on a field: null is none.</summary>
    public void Check(string field, string? problem)
    {
        if (problem is not null) Add(field, problem);
    }
}

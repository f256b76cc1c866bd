namespace AkkaMail.Server.Refusals;

/// <summary>One thing wrong with a request, or with a file of rules.</summary>
/// <param name="Field">
/// The whole path of the field, as <c>personalizations[3].to[0]</c>; <c>$</c> is the body itself.
/// </param>
/// <param name="Message">What is wrong with it. It goes on where the field's name ends.</param>
/// <param name="Line">The line of the file, from 1. Absent: it is no file that people edit.</param>
public sealed record FieldError(string Field, string Message, int? Line = null)
{
    /// <summary>Characters that are shown: a name is the client's own, and its echo must not be as large as its body.</summary>
    public const int FieldMax = 200, MessageMax = 1_000;

    /// <summary>
    /// The whole path of the field, as <c>personalizations[3].to[0]</c>; <c>$</c> is the body itself.
    /// </summary>
    public string Field { get; } = Cut(Field, FieldMax);

    /// <summary>What is wrong with it. It goes on where the field's name ends.</summary>
    public string Message { get; } = Cut(Message, MessageMax);

    public static string Cut(string text, int max) => text.Length <= max ? text
        : text[..(char.IsHighSurrogate(text[max - 1]) ? max - 1 : max)] + "…";
}

/// <summary>Gathers all errors, so that a sender mends a request once and not error by error.</summary>
internal sealed class FieldErrors
{
    /// <summary>More would only make the answer long: ten thousand bad addresses are one mistake.</summary>
    public const int Max = 100;

    private readonly List<FieldError> _errors = [];
    private int _more;

    /// <summary>The last one says how many there are beyond.</summary>
    public IReadOnlyList<FieldError> All => _errors;

    public void Add(string field, string message)
    {
        if (_errors.Count < Max) _errors.Add(new(field, message));
        else _errors[^1] = new("$", $"and {++_more + 1} more errors");
    }

    /// <summary>A rule's word on a field: null is none.</summary>
    public void Check(string field, string? problem)
    {
        if (problem is not null) Add(field, problem);
    }
}

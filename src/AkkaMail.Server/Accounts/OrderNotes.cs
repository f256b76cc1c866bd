using AkkaMail.Server.Refusals;

namespace AkkaMail.Server.Accounts;

/// <summary>
/// Why something is taken away, for whoever asks later. It comes with the query: a DELETE has no body that every proxy
/// would pass on (RFC 9110 §9.3.5).
/// </summary>
internal static class OrderNotes
{
    /// <summary>Characters.</summary>
    public const int Max = 500;

    /// <summary>Null: nobody said why.</summary>
    public static string? Read(string? text, List<FieldError> errors)
    {
        var note = text?.Trim();
        if (note is { Length: > Max }) errors.Add(new("note", $"has more than {Max} characters"));
        return string.IsNullOrEmpty(note) ? null : note;
    }
}

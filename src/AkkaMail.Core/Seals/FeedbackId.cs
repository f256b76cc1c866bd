namespace AkkaMail.Core.Seals;

/// <summary>
/// The value of Feedback-ID as Gmail's postmaster tools read it: up to three fields of the sender's, then who sends.
/// Gmail shows complaint rates for each field, so none of them may name a single mail.
/// </summary>
public static class FeedbackId
{
    /// <summary>The last field; Gmail wants 5 to 15 characters, and the same in every mail.</summary>
    public const string SenderId = "akkamail";

    /// <summary>Characters of a field; longer ones are cut.</summary>
    public const int FieldMax = 40;

    /// <summary><c>stream:tenant:akkamail</c>, with a campaign before them where there is one.</summary>
    public static string Of(string stream, string tenant, string? campaign = null)
    {
        var own = campaign is { Length: > 0 } ? $"{Clean(campaign)}:" : "";
        return $"{own}{Clean(stream)}:{Clean(tenant)}:{SenderId}";
    }

    private static string Clean(string field) => string.Create(Math.Min(field.Length, FieldMax), field,
        static (text, field) =>
        {
            for (var i = 0; i < text.Length; i++)
                text[i] = char.IsAsciiLetterOrDigit(field[i]) || field[i] is '-' or '_' or '.' ? field[i] : '_';
        });
}

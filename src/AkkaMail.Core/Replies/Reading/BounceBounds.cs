namespace AkkaMail.Core.Replies.Reading;

/// <summary>How much a rule file may hold; far above what a person writes.</summary>
public static class BounceBounds
{
    public const int Rules = 1_000;

    /// <summary>Entries of one list of a rule.</summary>
    public const int Entries = 200;

    /// <summary>Characters of all phrases of a file together: each costs memory as long as the server runs.</summary>
    public const int PhraseCharacters = 200_000;
}

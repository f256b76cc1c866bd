namespace AkkaMail.Core.Ids;

/// <summary>Of a text, or of each text of a list: it is one of these words. The description of the API has them as its enum.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
public class OneOfAttribute(params string[] words) : Attribute
{
    public IReadOnlyList<string> Allowed { get; } = words;
}

/// <summary>It is one of the words that stand at the values of <typeparamref name="T"/>.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
public sealed class WordsOfAttribute<T>() : OneOfAttribute([.. Words.Of<T>()]) where T : struct, Enum;

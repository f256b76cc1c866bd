using System.Collections.Immutable;
using AkkaMail.Server.Refusals;

namespace AkkaMail.Server.Messages;

/// <summary>The rules of tags, by whichever door they come.</summary>
internal static class TagRules
{
    public static ImmutableArray<string> Read(string?[]? tags, SendLimits limits, FieldErrors errors)
    {
        if (tags is null) return [];
        if (tags.Length > limits.TagsMax)
        {
            errors.Add("tags", $"are more than {limits.TagsMax}");
            return [];
        }
        for (var i = 0; i < tags.Length; i++)
            errors.Check($"tags[{i}]", tags[i] switch
            {
                null => "must be text",
                "" => "is empty",
                var tag when tag.Length > limits.TagLengthMax => $"is longer than {limits.TagLengthMax} characters",
                var tag when tag.Any(char.IsControl) => "has a line break or another control character",
                _ => null,
            });
        return [.. tags.OfType<string>().Distinct(StringComparer.Ordinal)];
    }
}

using System.Collections.Immutable;

namespace AkkaMail.Core.Hygiene;

/// <summary>A list that is shipped as a file: a word a line, <c>#</c> begins a remark.</summary>
internal static class WordList
{
    public static ImmutableArray<string> Read(string file)
    {
        using var stream = typeof(WordList).Assembly.GetManifestResourceStream($"AkkaMail.Core.Hygiene.{file}")!;
        using var reader = new StreamReader(stream);
        var words = ImmutableArray.CreateBuilder<string>();
        while (reader.ReadLine() is { } line)
            if (line.Length > 0 && line[0] != '#') words.Add(line);
        return words.ToImmutable();
    }
}

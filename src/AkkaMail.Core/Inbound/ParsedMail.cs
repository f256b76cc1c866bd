using System.Collections.Immutable;

namespace AkkaMail.Core.Inbound;

/// <summary>A field of a header, of a delivery status or of a feedback report; unfolded.</summary>
public readonly record struct MailField(string Name, string Value);

/// <summary>A leaf of the MIME tree: <paramref name="Type"/> as in <c>text/plain</c>, lower case.</summary>
public sealed record ReportPart(string Type, string Text);

/// <summary>
/// A mail to the return path as MIME has it, nothing decided yet. <paramref name="Returned"/> is the first mail within
/// it; texts are cut at <see cref="TextMax"/>, parts at <see cref="PartsMax"/>, mails within mails at
/// <see cref="DepthMax"/>.
/// </summary>
public sealed record ParsedMail(
    ImmutableArray<MailField> Headers, ImmutableArray<ReportPart> Parts, ParsedMail? Returned)
{
    public const int TextMax = 64 * 1024;
    public const int PartsMax = 30;
    public const int DepthMax = 3;

    /// <summary>The first of this name, or empty.</summary>
    public string Header(string name) => Headers.Find(name) ?? "";
}

internal static class MailFields
{
    public static string? Find(this ImmutableArray<MailField> fields, string name)
    {
        foreach (var field in fields)
            if (field.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) return field.Value;
        return null;
    }

    public static IEnumerable<string> FindAll(this ImmutableArray<MailField> fields, string name) =>
        fields.Where(f => f.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(f => f.Value);

    /// <summary>Blocks of fields with blank lines between them (RFC 3464 §2.1); folded lines are joined.</summary>
    public static ImmutableArray<ImmutableArray<MailField>> Blocks(string text)
    {
        var blocks = ImmutableArray.CreateBuilder<ImmutableArray<MailField>>();
        var block = new List<MailField>();
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            if (line.IsWhiteSpace()) End();
            else if (char.IsWhiteSpace(line[0]) && block.Count > 0)
            {
                if (block[^1].Value.Length < ValueMax)
                    block[^1] = block[^1] with { Value = $"{block[^1].Value} {line.Trim()}" };
            }
            else if (line.IndexOf(':') is > 0 and var colon)
                block.Add(new(line[..colon].Trim().ToString(), line[(colon + 1)..].Trim().ToString()));
        }
        End();
        return blocks.ToImmutable();

        void End()
        {
            if (block.Count > 0) blocks.Add([.. block]);
            block.Clear();
        }
    }

    private const int ValueMax = 4_096;
}

using System.Collections.Immutable;
using System.Text;
using AkkaMail.Core.Mail;
using AkkaMail.Server.Refusals;

namespace AkkaMail.Server.Messages;

/// <summary>
/// The rules of a mail's small fields. A line break in any of them would be a header of the sender's own.
/// </summary>
internal sealed class FieldRules(SendLimits limits, FieldErrors errors)
{
    /// <summary>Characters of a variable's or a metadata entry's name.</summary>
    public const int NameMax = 64;

    public string? Subject(string field, string? subject)
    {
        if (subject is null) return null;
        if (subject.Any(char.IsControl)) errors.Add(field, "has a line break or another control character");
        if (Encoding.UTF8.GetByteCount(subject) > limits.SubjectBytesMax)
            errors.Add(field, $"is longer than {limits.SubjectBytesMax} bytes");
        return subject;
    }

    public ImmutableArray<HeaderField> Headers(string field, Dictionary<string, string?>? headers) =>
        [.. Entries(field, headers, limits.HeadersMax, HeaderRules.Problem)
            .Select(header => new HeaderField(header.Name, header.Value))];

    public ImmutableArray<Variable> Metadata(string field, Dictionary<string, string?>? metadata) =>
        Entries(field, metadata, limits.MetadataMax, (name, value) => NameProblem(name)
            ?? (Bytes(name, value) <= limits.MetadataBytesMax ? null
                : $"is longer than {limits.MetadataBytesMax} bytes"));

    private static int Bytes(string name, string value) =>
        Encoding.UTF8.GetByteCount(name) + Encoding.UTF8.GetByteCount(value);

    private ImmutableArray<Variable> Entries(
        string field, Dictionary<string, string?>? entries, int max, Func<string, string, string?> problem)
    {
        if (entries is null) return [];
        if (entries.Count > max)
        {
            errors.Add(field, $"are more than {max}");
            return [];
        }
        foreach (var (name, value) in entries)
            errors.Check($"{field}.{name}", value is null ? "must be text" : problem(name, value));
        return [.. entries.Where(e => e.Value is not null).Select(e => new Variable(e.Key, e.Value!))];
    }

    /// <summary>What is wrong with the name of a variable or of a metadata entry; null: nothing.</summary>
    public static string? NameProblem(string name) =>
        name.Length is 0 or > NameMax ? $"must have a name of 1 to {NameMax} characters"
        : name.Any(char.IsControl) ? "has a control character in its name"
        : null;
}

using System.Collections.Immutable;
using AkkaMail.Core.Rules;
using AkkaMail.Core.Shaping.Reading;

namespace AkkaMail.Core.Shaping;

/// <summary>
/// Reads a shaping file and lays it over the shipped defaults. The format: docs/operating/shaping.md.
/// </summary>
public static class ShapingReader
{
    private static readonly Lazy<(byte[] Text, Draft Draft)> ShippedFile = new(ReadShipped);

    /// <summary>The rules of an installation without a file.</summary>
    public static ShapingRules Shipped { get; } =
        Merge.Of(ShippedFile.Value.Draft, new Draft(new Report("")), RuleVersion.Hash(ShippedFile.Value.Text, []));

    /// <summary>What is shipped, as it is written.</summary>
    public static RulesText ShippedText { get; } =
        RulesText.Of(RulesKind.Shaping, Shipped.Version, null, ShippedFile.Value.Text);

    /// <summary>
    /// All of it is checked in one pass. <paramref name="fileName"/> is how the file is called in origins, e.g.
    /// <c>shaping.json</c>.
    /// </summary>
    public static ShapingReading Read(ReadOnlyMemory<byte> utf8, string fileName)
    {
        var file = Draft.Read(utf8.Span, fileName);
        var (text, shipped) = ShippedFile.Value;
        var rules = Merge.Of(shipped, file, RuleVersion.Hash(text, utf8.Span));
        References.Check(file, rules);
        return file.Report.HasFaults ? new ShapingReading.Faulty(file.Report.Faults)
            : new ShapingReading.Good(rules, file.Report.Warnings);
    }

    private const string Resource = "AkkaMail.Core.Shaping.shipped.json";

    private static (byte[], Draft) ReadShipped()
    {
        using var stream = typeof(ShapingReader).Assembly.GetManifestResourceStream(Resource)!;
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        var draft = Draft.Read(copy.ToArray(), Merge.Shipped);
        return draft.Report.HasFaults
            ? throw new InvalidDataException($"shipped.json: {string.Join("; ", draft.Report.Faults)}")
            : (copy.ToArray(), draft);
    }
}

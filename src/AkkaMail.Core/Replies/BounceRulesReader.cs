using System.Collections.Immutable;
using AkkaMail.Core.Replies.Reading;
using AkkaMail.Core.Rules;

namespace AkkaMail.Core.Replies;

/// <summary>What came of reading a rule file: all of it holds, or none.</summary>
public abstract record BounceReading
{
    public sealed record Good(BounceRules Rules) : BounceReading;

    /// <summary>Every fault there is, up to <see cref="RuleBounds.Faults"/>, by line.</summary>
    public sealed record Faulty(ImmutableArray<RuleFault> Faults) : BounceReading;
}

/// <summary>
/// Reads an installation's own rules and puts them before the shipped ones. The format: docs/operating/bounces.md.
/// </summary>
public static class BounceRulesReader
{
    private const string Resource = "AkkaMail.Core.Replies.replies.json";

    private static readonly Lazy<(byte[] Text, RulesDraft Draft)> ShippedFile = new(ReadShipped);

    /// <summary>The rules of an installation without a file.</summary>
    public static BounceRules Shipped { get; } =
        new(Version(ShippedFile.Value.Draft, null, []), ShippedFile.Value.Draft.Rules);

    /// <summary>What is shipped, as it is written.</summary>
    public static RulesText ShippedText { get; } =
        RulesText.Of(RulesKind.Bounces, Shipped.Version, null, ShippedFile.Value.Text);

    /// <summary>All of it is checked in one pass; <paramref name="fileName"/> is how faults call the file.</summary>
    public static BounceReading Read(ReadOnlyMemory<byte> utf8, string fileName)
    {
        var file = RulesDraft.Read(utf8.Span, fileName);
        if (file.Report.HasFaults) return new BounceReading.Faulty(file.Report.Faults);
        var shipped = ShippedFile.Value.Draft;
        var below = file.WithShipped ? shipped.Rules.ExceptBy(file.Rules.Select(r => r.Id), r => r.Id) : [];
        return new BounceReading.Good(new(Version(shipped, file, utf8.Span), [.. file.Rules, .. below]));
    }

    /// <summary>Of what was written, whoever wrote it: <c>name+hash of both texts</c>.</summary>
    private static string Version(RulesDraft shipped, RulesDraft? file, ReadOnlySpan<byte> utf8) =>
        $"{file?.Version ?? shipped.Version}+{RuleVersion.Hash(ShippedFile.Value.Text, utf8)}";

    private static (byte[], RulesDraft) ReadShipped()
    {
        using var stream = typeof(BounceRulesReader).Assembly.GetManifestResourceStream(Resource)!;
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        var draft = RulesDraft.Read(copy.ToArray(), "replies.json");
        return draft.Report.HasFaults
            ? throw new InvalidDataException($"replies.json: {string.Join("; ", draft.Report.Faults)}")
            : (copy.ToArray(), draft);
    }
}

using System.Text.Json.Nodes;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Inbound;
using AkkaMail.Core.Replies;
using AkkaMail.Smtp.Inbound;

namespace AkkaMail.Smtp.Tests.Inbound;

/// <summary>What is expected of one recipient of one mail; empty or null is "not told".</summary>
public sealed record Expected(
    string File, string Recipient, string Reason, bool Hard, string Kind, string FeedbackType, string? Alias,
    string? AltReason, bool? AltHard)
{
    public bool IsAct => Kind is "bounce" or "delayed";
}

/// <summary>The mails of others with their expectations: corpus/README.md.</summary>
internal static class Corpus
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Inbound", "corpus");

    public static readonly List<Expected> All =
        [.. File.ReadLines(Path.Combine(Folder, "expected.jsonl")).Select(line => Read(JsonNode.Parse(line)!))];

    /// <summary>Our word to one or several of theirs.</summary>
    private static readonly JsonObject Words = JsonNode.Parse(
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Replies", "reasons.json")))!.AsObject();

    public static byte[] Mail(string file) => File.ReadAllBytes(Path.Combine(Folder, "mail", file));

    public static IEnumerable<string> WithCrlf =>
        Directory.GetFiles(Path.Combine(Folder, "mail-crlf")).Select(path => Path.GetFileName(path));

    public static byte[] Crlf(string file) => File.ReadAllBytes(Path.Combine(Folder, "mail-crlf", file));

    public static IReadOnlyList<BounceResult> Parse(byte[] mail) =>
        BounceMails.Parse(BounceMailReader.Read(mail), BounceRulesReader.Shipped);

    public static bool IsReason(Expected expected, BounceReason reason)
    {
        string[] theirs = Words[reason.ToWord()] switch
        {
            JsonArray list => [.. list.Select(word => (string)word!)],
            var word => [(string)word!],
        };
        return theirs.Contains(expected.Reason) || theirs.Contains(expected.AltReason);
    }

    private static Expected Read(JsonNode n) => new(
        (string)n["file"]!, (string)n["recipient"]!, (string)n["reason"]!, (bool)n["hard"]!, (string)n["kind"]!,
        (string)n["feedbackType"]!, (string?)n["alias"], (string?)n["altReason"], (bool?)n["altHard"]);
}

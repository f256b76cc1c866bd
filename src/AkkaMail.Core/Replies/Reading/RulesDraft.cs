using System.Collections.Immutable;
using AkkaMail.Core.Rules;

namespace AkkaMail.Core.Replies.Reading;

/// <summary>A rule file as it was read; what is wrong with it is in the report.</summary>
internal sealed record RulesDraft(Report Report)
{
    private static readonly IReadOnlyDictionary<string, ImmutableArray<SmtpStep>> StepWords =
        new Dictionary<string, ImmutableArray<SmtpStep>>
        {
            ["unknown"] = [SmtpStep.None],
            ["connect"] = [SmtpStep.Connect, SmtpStep.Banner, SmtpStep.Ehlo],
            ["mail"] = [SmtpStep.MailFrom],
            ["rcpt"] = [SmtpStep.RcptTo],
            ["data"] = [SmtpStep.Data, SmtpStep.Dot],
        };

    private int _characters;

    public string? Version { get; private set; }
    public bool WithShipped { get; private set; } = true;
    public ImmutableArray<ReplyRule> Rules { get; private set; } = [];

    public static RulesDraft Read(ReadOnlySpan<byte> utf8, string fileName)
    {
        var report = new Report(fileName);
        var draft = new RulesDraft(report);
        if (JsonText.Read(utf8, report) is not { } root) return draft;
        if (new Place(root, "", report, root.Line).Fields() is not { } f) return draft;
        draft.Version = f.Name("version");
        draft.WithShipped = f.Flag("shipped") ?? true;
        draft.Rules = [.. f.Take("rules") is { } rules ? draft.ReadRules(rules) : []];
        f.End();
        return draft;
    }

    private IEnumerable<ReplyRule> ReadRules(Place section)
    {
        var ids = new HashSet<string>();
        foreach (var place in section.Items(BounceBounds.Rules))
        {
            if (place.Fields() is not { } f) continue;
            var rule = new ReplyRule
            {
                Id = f.Name("id") ?? "",
                Reason = f.Word("reason", Reasons.ByWord) ?? BounceReason.Unclear,
                Codes = List(f, "code", text => CodeRange.Read(text), "is no code: 550, 55x and 5xx are"),
                Statuses = List(f, "status", text => StatusRange.Read(text),
                    "is no status: 5.1.1, x.2.2, 5.7.606-649 and x.7.x are"),
                Match = Phrases(f, "match"),
                Unless = Phrases(f, "unless"),
                Hosts = [.. f.Take("host")?.Items(BounceBounds.Entries).Select(Host).OfType<string>() ?? []],
                Steps = [.. f.Take("step")?.Items(BounceBounds.Entries)
                    .SelectMany(p => Values.Word(p, StepWords) ?? []) ?? []],
                OnlyReported = f.Flag("reported") ?? false,
            };
            f.End();
            foreach (var needed in (string[])["id", "reason"])
                if (place.Member(needed) is null) place.Fault($"needs {needed}");
            if (rule is { Codes: [], Statuses: [], Match: [], Hosts: [], Steps: [] })
                place.Fault("needs code, status, match, host or step: else every reply would fit");
            if (rule.Id.Length > 0 && !ids.Add(rule.Id)) place.Fault($"has the id '{rule.Id}' of a rule above");
            yield return rule;
        }
    }

    private ImmutableArray<Phrase> Phrases(Fields fields, string name) =>
        [.. fields.Take(name)?.Items(BounceBounds.Entries).Select(ReadPhrase).OfType<Phrase>() ?? []];

    private Phrase? ReadPhrase(Place place)
    {
        if (!place.Is(SpotKind.Text, "a phrase")) return null;
        var text = place.Spot.Text;
        _characters += text.Length;
        if (text.Length > Phrase.CharactersMax)
            place.Fault($"has {text.Length} characters; {Phrase.CharactersMax} are allowed");
        else if (_characters > BounceBounds.PhraseCharacters)
            place.Fault($"is too much: all phrases together may have {BounceBounds.PhraseCharacters} characters");
        else if (Phrase.Read(text) is { } phrase) return phrase;
        else place.Fault("has no word, or none beside a ' * '");
        return null;
    }

    private static ImmutableArray<T> List<T>(Fields fields, string name, Func<string, T?> read, string problem)
        where T : struct
    {
        var all = ImmutableArray.CreateBuilder<T>();
        foreach (var place in fields.Take(name)?.Items(BounceBounds.Entries) ?? [])
            if (place.Is(SpotKind.Text, "a text"))
                if (read(place.Spot.Text) is { } value) all.Add(value);
                else place.Fault(problem);
        return all.ToImmutable();
    }

    private static string? Host(Place place)
    {
        if (!place.Is(SpotKind.Text, "a host name")) return null;
        if (Names.HostProblem(place.Spot.Text) is not { } problem) return place.Spot.Text;
        place.Fault(problem);
        return null;
    }
}

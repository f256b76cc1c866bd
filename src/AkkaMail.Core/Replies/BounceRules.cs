using System.Collections.Immutable;

namespace AkkaMail.Core.Replies;

/// <summary>A versioned set of rules; the first that fits decides.</summary>
public sealed class BounceRules
{
    /// <summary>Stands for a rule where none fits.</summary>
    public const string NoRule = "none";

    private readonly PhraseIndex _index;
    private readonly ImmutableArray<Compiled> _compiled;

    internal BounceRules(string version, ImmutableArray<ReplyRule> rules)
    {
        (Version, Rules) = (version, rules);
        _index = new(rules.SelectMany(rule => rule.Match.Concat(rule.Unless)));
        _compiled = [.. rules.Select(rule => new Compiled(
            rule, [.. rule.Match.Select(_index.Numbers)], [.. rule.Unless.Select(_index.Numbers)]))];
    }

    public string Version { get; }
    public ImmutableArray<ReplyRule> Rules { get; }

    /// <summary>
    /// How an attempt ended, judged. What we say ourselves is known by its origin and its codes: our words are for
    /// people, and nothing matches them.
    /// </summary>
    /// <param name="host">The MX host that said it.</param>
    public Judgement Judge(SmtpReply reply, AttemptEnd end, SmtpStep step, string? host) => reply switch
    {
        _ when end != AttemptEnd.Answered => Judgement.Own,
        { IsAccepted: true } => new(ReplyClass.Accepted, null),
        { Origin: ReplyOrigin.Us, Code: 0 } => Judgement.Own,
        { Code: 0 } => new(ReplyClass.Unreachable, null),
        { Origin: ReplyOrigin.Us } => new(ReplyClass.Own, Classify($"{reply.Code}", new(host, step, reply.Enhanced))),
        _ => Said(Classify(reply.Line, new(host, step, reply.Enhanced)), reply.Text),
    };

    private static Judgement Said(Verdict verdict, string text) => new(verdict.Class, verdict, RetryHint.Of(text));

    /// <summary>Pure: the same text, context and rules give the same verdict, whatever the text is.</summary>
    public Verdict Classify(string text, ReplyContext context = default)
    {
        var reply = ReplyText.Read(text, context.Status, context.Step);
        var found = _index.Search(reply.Words);
        foreach (var rule in _compiled)
            if (rule.Fits(reply, context, found))
                return new(rule.Rule.Reason, reply.IsTemporary, reply.Status, rule.Rule.Id, Version)
                {
                    IsByWords = !rule.Match.IsEmpty,
                };
        return new(BounceReason.Unclear, reply.IsTemporary, reply.Status, NoRule, Version);
    }

    /// <summary>The first text whose words say something; else the first.</summary>
    internal (string Text, Verdict Verdict) ClassifyFirst(IEnumerable<string> texts, ReplyContext context)
    {
        (string, Verdict)? first = null;
        foreach (var text in texts)
        {
            if (text.Length == 0) continue;
            var verdict = Classify(text, context);
            first ??= (text, verdict);
            if (verdict.IsByWords || !IsVague(verdict.Reason)) return (text, verdict);
        }
        return first ?? ("", Classify("", context));
    }

    /// <summary>What a code alone can say of many things.</summary>
    private static bool IsVague(BounceReason reason) => reason is BounceReason.Unclear or BounceReason.SystemError
        or BounceReason.Policy or BounceReason.Syntax or BounceReason.RefusedByRecipient;

    private sealed record Compiled(
        ReplyRule Rule, ImmutableArray<ImmutableArray<int>> Match, ImmutableArray<ImmutableArray<int>> Unless)
    {
        public bool Fits(ReplyText reply, ReplyContext context, Findings found) =>
            (Rule.Codes.IsEmpty || Has(Rule.Codes, reply.Code))
            && (Rule.Statuses.IsEmpty || reply.Status is { } status && Has(Rule.Statuses, status))
            && (Rule.Steps.IsEmpty || Rule.Steps.Contains(reply.Step))
            && (Rule.Hosts.IsEmpty || context.Host is { } host && IsOf(host))
            && (!Rule.OnlyReported || context.IsReported)
            && (Match.IsEmpty || HasAny(Match, found))
            && !HasAny(Unless, found);

        private static bool Has(ImmutableArray<CodeRange> ranges, int code)
        {
            foreach (var range in ranges)
                if (range.Has(code)) return true;
            return false;
        }

        private static bool Has(ImmutableArray<StatusRange> ranges, EnhancedCode status)
        {
            foreach (var range in ranges)
                if (range.Has(status)) return true;
            return false;
        }

        private bool IsOf(string host)
        {
            foreach (var end in Rule.Hosts)
                if (host.EndsWith(end, StringComparison.OrdinalIgnoreCase)
                    && (host.Length == end.Length || host[^(end.Length + 1)] == '.')) return true;
            return false;
        }

        private static bool HasAny(ImmutableArray<ImmutableArray<int>> phrases, Findings found)
        {
            foreach (var phrase in phrases)
                if (found.Has(phrase)) return true;
            return false;
        }
    }
}

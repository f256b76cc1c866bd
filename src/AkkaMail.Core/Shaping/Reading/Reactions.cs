using System.Collections.Immutable;
using System.Globalization;
using AkkaMail.Core.Replies;
using AkkaMail.Core.Rules;

namespace AkkaMail.Core.Shaping.Reading;

/// <summary>The section <c>rules</c>.</summary>
internal static class Reactions
{
    private const int SiteMax = 255;

    public static IEnumerable<ReactionRule> Rules(Place section)
    {
        var ids = new HashSet<string>();
        foreach (var place in section.Items(ShapingBounds.Rules))
        {
            if (place.Fields() is not { } f) continue;
            var rule = new ReactionRule
            {
                Id = f.Name("id") ?? "",
                Site = f.Text("site", SiteMax),
                Class = f.Word("class", ReplyClassWords.OfRefusals),
                Patterns = Patterns(f),
                Threshold = Trigger(f),
                Reactions = [.. Does(f)],
                For = f.Duration("for", ShapingBounds.ReactionMin, ShapingBounds.ReactionMax) ?? default,
                Scope = f.Word<ReactionScope>("scope") ?? ReactionScope.Lane,
            };
            f.End();
            foreach (var needed in (string[])["id", "for"])
                if (place.Member(needed) is null) place.Fault($"needs {needed}");
            if (place.Member("class") is null && place.Member("match") is null)
                place.Fault("needs class or match: else every reply would fit");
            if (rule.Scope != ReactionScope.Lane && rule.Reactions.Any(r => r is Reaction.BackOff))
                place.Fault("has back_off, which slows the whole lane: a tenant or stream is slowed by limit");
            if (rule.Id.Length > 0 && !ids.Add(rule.Id)) place.Fault($"has the id '{rule.Id}' of a rule above");
            yield return rule;
        }
    }

    private static ImmutableArray<ReplyPattern> Patterns(Fields fields)
    {
        if (fields.Take("match") is not { } list) return [];
        if (list.Spot is { Kind: SpotKind.Array, Items.Count: 0 }) list.Fault("is empty: every reply would fit");
        return [.. list.Items(ShapingBounds.Patterns).Select(Pattern).OfType<ReplyPattern>()];
    }

    private static ReplyPattern? Pattern(Place place)
    {
        if (!place.Is(SpotKind.Text, "a regular expression")) return null;
        var text = place.Spot.Text;
        if (text.Length is 0 or > ShapingBounds.PatternCharacters)
            place.Fault($"has {text.Length} characters; 1 to {ShapingBounds.PatternCharacters} are allowed");
        else if (ReplyPattern.Read(text, out var problem) is { } pattern) return pattern;
        else place.Fault(problem!);
        return null;
    }

    private static Threshold? Trigger(Fields fields)
    {
        if (fields.Take("trigger") is not { } place) return null;
        if (!place.Is(SpotKind.Text, "\"immediate\" or \"2/h\"")) return null;
        if (place.Spot.Text == "immediate") return null;
        if (Rate.TryParse(place.Spot.Text, out var rate, out _)
            && rate is { Burst: null, Count: <= Threshold.CountMax })
            return new((int)rate.Count, rate.Per);
        var most = Threshold.CountMax.ToString(CultureInfo.InvariantCulture);
        place.Fault(
            $"is {place.Spot.Words}; \"immediate\" or \"2/h\" (1 to {most} in s, min, h or d) is needed");
        return null;
    }

    private static List<Reaction> Does(Fields f)
    {
        var suspend = f.Flag("suspend");
        var (limit, connections) = (f.Rate("limit"), f.Int("connections", 1, ShapingBounds.Connections));
        var backOff = f.Share("back_off", 0.01, 0.99);
        string[] names = ["suspend", "limit", "connections", "back_off"];
        var said = names.Where(name => f.Place.Member(name) is not null).ToList();
        if (said.Count == 0) f.Place.Fault($"does nothing: it needs one of {string.Join(", ", names)}");
        else if (suspend == false) f.Place.Fault("has suspend false: leave it out");
        else if (suspend == true && said.Count > 1) f.Place.Fault($"has suspend and {said[1]}: nothing is sent anyway");
        else if (limit is not null && backOff is not null) f.Place.Fault("has limit and back_off: both set the rate");
        var does = new List<Reaction>();
        if (suspend == true) does.Add(new Reaction.Suspend());
        if (limit is not null) does.Add(new Reaction.LimitRate(limit));
        if (connections is { } most) does.Add(new Reaction.LimitConnections(most));
        if (backOff is { } factor) does.Add(new Reaction.BackOff(factor));
        return does;
    }
}

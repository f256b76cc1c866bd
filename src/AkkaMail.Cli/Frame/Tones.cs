using System.Collections.Frozen;
using Spectre.Console;

namespace AkkaMail.Cli.Frame;

/// <summary>How a word is meant: colours say nothing that the word does not say.</summary>
internal enum Tone { Plain, Good, Busy, Careful, Bad, Quiet }

/// <summary>The words of the API's states, and how each is painted.</summary>
internal static class Tones
{
    private static readonly FrozenDictionary<string, Tone> Words = new Dictionary<Tone, string[]>
    {
        [Tone.Good] =
        [
            "delivered", "verified", "found", "ok", "running", "active", "good", "taken", "valid", "done", "recorded",
            "yes",
        ],
        [Tone.Busy] = ["accepted", "scheduled", "sending", "attempt", "pending", "waiting", "warming_up", "open"],
        [Tone.Careful] =
        [
            "deferred", "limited", "unverified", "retiring", "risky", "fair", "warning", "soft", "transient", "unclear",
            "bounced_late", "opted_out", "no",
        ],
        [Tone.Bad] =
        [
            "bounced", "failed", "expired", "suspended", "failing", "missing", "wrong", "bad", "poor", "critical",
            "hard", "refused", "lost", "complained", "blocked", "closed", "forged", "source_missing", "no_lease",
        ],
        [Tone.Quiet] = ["cancelled", "suppressed", "idle", "repeat", "unknown", "none", "retired", "stopped", "noted"],
    }.SelectMany(t => t.Value.Select(word => (word, t.Key))).ToFrozenDictionary(t => t.word, t => t.Key);

    public static Tone Of(string word) => Words.GetValueOrDefault(word);

    /// <summary>Of the 16 colours of a terminal's own theme, so that light and dark ones can be read.</summary>
    public static Style ToStyle(this Tone tone) => tone switch
    {
        Tone.Plain => Style.Plain,
        Tone.Good => new(Color.Green),
        Tone.Busy => new(Color.Teal),
        Tone.Careful => new(Color.Olive),
        Tone.Bad => new(Color.Maroon),
        Tone.Quiet => new(decoration: Decoration.Dim),
        _ => throw new ArgumentOutOfRangeException(nameof(tone)),
    };
}

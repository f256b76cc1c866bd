using AkkaMail.Core.Ids;

namespace AkkaMail.Core.Lanes;

/// <summary>What a reputation's score amounts to; the numbers are stored.</summary>
public enum Standing : byte
{
    [Word("good")] Good = 0,

    /// <summary>It costs speed: below 60 a lane has a part of its rate.</summary>
    [Word("fair")] Fair = 1,

    /// <summary>Receivers have turned away: half of its speed is gone, and more mail makes it worse.</summary>
    [Word("poor")] Poor = 2,
}

/// <summary>From a score to a standing.</summary>
public static class Standings
{
    /// <summary>Where each begins, and how far above that it ends: a score that swings must not ring all day.</summary>
    public const double FairBelow = 60, PoorBelow = 30, Margin = 10;

    public static Standing After(Standing before, double score) =>
        score < PoorBelow || before == Standing.Poor && score < PoorBelow + Margin ? Standing.Poor
        : score < FairBelow || before != Standing.Good && score < FairBelow + Margin ? Standing.Fair
        : Standing.Good;
}

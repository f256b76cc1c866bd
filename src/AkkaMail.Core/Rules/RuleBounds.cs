namespace AkkaMail.Core.Rules;

/// <summary>What holds for every text that an operator writes, whatever stands in it.</summary>
public static class RuleBounds
{
    public const int FileBytes = 16 * 1024 * 1024;

    /// <summary>Objects, lists, texts and numbers of one text: each costs memory many times what it is written with.</summary>
    public const int Values = 1_000_000;

    /// <summary>Faults told of one text; what is behind them shows once these are mended.</summary>
    public const int Faults = 50;

    public const int NameCharacters = 64;
}

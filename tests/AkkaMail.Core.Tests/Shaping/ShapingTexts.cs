using System.Text;
using AkkaMail.Core.Rules;
using AkkaMail.Core.Shaping;

namespace AkkaMail.Core.Tests.Shaping;

internal static class ShapingTexts
{
    public static ShapingReading Read(string json) => ShapingReader.Read(Encoding.UTF8.GetBytes(json), "shaping.json");

    public static ShapingRules RulesOf(string json) => Read(json) switch
    {
        ShapingReading.Good good => good.Rules,
        ShapingReading.Faulty faulty => throw new Xunit.Sdk.XunitException(string.Join('\n', faulty.Faults)),
        var other => throw new Xunit.Sdk.XunitException($"{other}"),
    };

    public static RuleFault[] Faults(string json) => Read(json) is ShapingReading.Faulty f ? [.. f.Faults] : [];

    public static string[] Warnings(string json) =>
        [.. ((ShapingReading.Good)Read(json)).Warnings.Select(w => $"{w.Line} {w.Path}")];

    public static string Many(int count, Func<int, string> entry) =>
        string.Join(',', Enumerable.Range(0, count).Select(entry));
}

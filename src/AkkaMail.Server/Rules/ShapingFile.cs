using System.Collections.Immutable;
using System.Diagnostics;
using AkkaMail.Core.Rules;
using AkkaMail.Core.Shaping;

namespace AkkaMail.Server.Rules;

/// <summary>The shaping file of this installation.</summary>
public sealed class ShapingFile(string path, TimeProvider time, ILogger<ShapingFile> log)
    : RulesFile<ShapingRules>(path, "shaping file", ShapingReader.Shipped, ShapingReader.ShippedText, time, log)
{
    public ShapingFile ReadAtStart()
    {
        LookAtStart();
        return this;
    }

    protected override (ShapingRules? Rules, ImmutableArray<RuleFault> Faults) Read(byte[] bytes, string fileName) =>
        ShapingReader.Read(bytes, fileName) switch
        {
            ShapingReading.Good good => (good.Rules, good.Warnings),
            ShapingReading.Faulty faulty => (null, faulty.Faults),
            var other => throw new UnreachableException($"{other}"),
        };

    protected override string Version(ShapingRules rules) => rules.Version;
}

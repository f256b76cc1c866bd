using System.Collections.Immutable;
using System.Diagnostics;
using AkkaMail.Core.Bounces;
using AkkaMail.Core.Shaping;

namespace AkkaMail.Server.Composition;

/// <summary>The bounce rules of this installation, before the shipped ones.</summary>
public sealed class BouncesFile(string path, TimeProvider time, ILogger<BouncesFile> log)
    : RulesFile<BounceRules>(path, "file of bounce rules", BounceRulesReader.Shipped, time, log)
{
    public BouncesFile ReadAtStart()
    {
        LookAtStart();
        return this;
    }

    protected override (BounceRules? Rules, ImmutableArray<ShapingFault> Faults) Read(byte[] bytes, string fileName) =>
        BounceRulesReader.Read(bytes, fileName) switch
        {
            BounceReading.Good good => (good.Rules, []),
            BounceReading.Faulty faulty => (null, faulty.Faults),
            var other => throw new UnreachableException($"{other}"),
        };

    protected override string Version(BounceRules rules) => rules.Version;
}

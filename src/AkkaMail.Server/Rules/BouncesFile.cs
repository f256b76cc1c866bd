using System.Collections.Immutable;
using System.Diagnostics;
using AkkaMail.Core.Replies;
using AkkaMail.Core.Rules;

namespace AkkaMail.Server.Rules;

/// <summary>The bounce rules of this installation, before the shipped ones.</summary>
public sealed class BouncesFile(string path, TimeProvider time, ILogger<BouncesFile> log)
    : RulesFile<BounceRules>(
        path, "file of bounce rules", BounceRulesReader.Shipped, BounceRulesReader.ShippedText, time, log)
{
    public BouncesFile ReadAtStart()
    {
        LookAtStart();
        return this;
    }

    protected override (BounceRules? Rules, ImmutableArray<RuleFault> Faults) Read(byte[] bytes, string fileName) =>
        BounceRulesReader.Read(bytes, fileName) switch
        {
            BounceReading.Good good => (good.Rules, []),
            BounceReading.Faulty faulty => (null, faulty.Faults),
            var other => throw new UnreachableException($"{other}"),
        };

    protected override string Version(BounceRules rules) => rules.Version;
}

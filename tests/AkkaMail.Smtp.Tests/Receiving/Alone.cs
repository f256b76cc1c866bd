namespace AkkaMail.Smtp.Tests.Receiving;

/// <summary>Tests that take the machine for themselves: others that look at real time would suffer from them.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "Alone";
}

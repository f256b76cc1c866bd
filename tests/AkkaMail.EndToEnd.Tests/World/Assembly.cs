// Two servers at a time, as there are two cores: most of a test is waiting for the other side.
[assembly: CollectionBehavior(MaxParallelThreads = 2)]

namespace AkkaMail.EndToEnd.Tests.World;

/// <summary>Thousands of mails, or a disk that is full: by itself, after all others.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "alone";
}

using Akka;

namespace AkkaMail.Engine.Protocol;

/// <summary>End as at SIGTERM, for that reason; answered with <see cref="Done"/> when it has begun.</summary>
public sealed record LeaveCluster(string By, string Reason)
{
    /// <summary>Characters of a reason.</summary>
    public const int ReasonMax = 500;
}

/// <summary>
/// That ledger is to live on that node, an address; told to every node, since the one that places them is one of them.
/// Answered with <see cref="Done"/>.
/// </summary>
public sealed record MoveLedger(int Ledger, string Node);

/// <summary>Can that node reach the database? Answered with <see cref="DatabaseReached"/>.</summary>
public sealed record AskDatabase { public static AskDatabase Instance { get; } = new(); }

/// <summary>For how long without a fault; zero: it cannot.</summary>
public sealed record DatabaseReached(TimeSpan For);

namespace AkkaMail.Engine.Protocol;

/// <summary>How far are this node's ledgers, and how far behind is this reader of theirs? Answered with
/// <see cref="NodeFigures"/>.</summary>
public sealed record AskFigures(string Reader, int Generation);

/// <summary>Messages that have not ended, and stored events the reader does not have: of this node's ledgers.</summary>
public sealed record NodeFigures(long Unfinished, long Lag);

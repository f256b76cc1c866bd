namespace AkkaMail.Core.Ids;

/// <summary>One try at one message.</summary>
public readonly record struct AttemptId(MessageId Message, int Number);

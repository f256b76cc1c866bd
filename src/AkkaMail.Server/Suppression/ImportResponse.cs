namespace AkkaMail.Server.Suppression;

/// <summary>
/// An import: <paramref name="State"/> is <c>running</c>, <c>done</c> or <c>failed</c>. <paramref name="Faults"/> are
/// the first lines that could not be taken, with what is wrong; the others are taken all the same.
/// </summary>
public sealed record ImportResponse(
    string Id, string State, long Lines, long Added, long Known, long Faulty, IReadOnlyList<ImportFault> Faults,
    DateTimeOffset StartedAt, DateTimeOffset? EndedAt, string? Problem);

public sealed record ImportFault(long Line, string Message);

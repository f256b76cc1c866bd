using AkkaMail.Core.Ids;

namespace AkkaMail.Server.Suppression;

/// <summary>How far an import is.</summary>
/// <param name="Id">What it is called.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Lines">Lines that have been read.</param>
/// <param name="Added">Entries that are new.</param>
/// <param name="Known">Entries that were in force, and stay as they were.</param>
/// <param name="Faulty">Lines that could not be taken.</param>
/// <param name="Faults">The first of them. The others are taken all the same.</param>
/// <param name="StartedAt">When it began.</param>
/// <param name="EndedAt">When it ended. Absent: it has not.</param>
/// <param name="Problem">Why it failed. Absent: it has not.</param>
public sealed record ImportResponse(
    string Id, [OneOf("running", "done", "failed")] string State, long Lines, long Added, long Known, long Faulty,
    IReadOnlyList<ImportFault> Faults, DateTimeOffset StartedAt, DateTimeOffset? EndedAt, string? Problem);

/// <summary>A line that could not be taken.</summary>
/// <param name="Line">Its number, from 1.</param>
/// <param name="Message">What is wrong with it.</param>
public sealed record ImportFault(long Line, string Message);

namespace AkkaMail.Storage.Databases;

/// <summary>One and the same thing, as each of the two databases wants it said.</summary>
public sealed record Dialects(string Sqlite, string Postgres);

/// <summary>
/// The tables of a store, step by step. A released step is never edited; a change is a new step at the end, in both.
/// </summary>
public sealed record Schema(params IReadOnlyList<Dialects> Steps);

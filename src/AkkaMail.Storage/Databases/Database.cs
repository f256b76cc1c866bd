using System.Data.Common;
using System.Globalization;
using AkkaMail.Core.Mail;
using LinqToDB;
using LinqToDB.Data;

namespace AkkaMail.Storage.Databases;

/// <summary>What a commit has to outlive before it is told.</summary>
public enum Durability
{
    /// <summary>The process: what can be made anew, or is seen again.</summary>
    Process,

    /// <summary>The power: a commit is a promise.</summary>
    Power,
}

/// <summary>
/// A database as a store is given it: how it is opened, read and brought up to date, and what of it is a fault. A file
/// (<see cref="Sqlite.SqliteDatabase"/>), or a schema of a server (<see cref="Postgres.PostgresDatabase"/>).
/// <para>
/// Statements are written once, in what both take: parameters are <c>@name</c>, a conflict names its columns, and what
/// is read of the row there has the table before it. Numbers are 64 bits wide. Only schemas stand twice, and the two
/// writers that each mail passes.
/// </para>
/// </summary>
public abstract record Database
{
    private DataOptions? _readers;

    /// <summary>Its store, as a <see cref="StoreException"/> calls it.</summary>
    public string Store { get; init; } = "The database";

    public Durability Durability { get; init; } = Durability.Power;

    /// <summary>What is deleted is overwritten where the database can do that.</summary>
    public bool Overwrites { get; init; }

    /// <summary>For one who writes; the caller's to close.</summary>
    public abstract DbConnection OpenWriter();

    /// <summary>For what takes as long as there is much of it.</summary>
    public virtual DbConnection OpenToMigrate() => OpenWriter();

    /// <summary>How a transaction begins that is going to write.</summary>
    public abstract string Begin { get; }

    /// <summary>The same for <see cref="OpenToMigrate"/>.</summary>
    protected virtual string BeginToMigrate => Begin;

    /// <summary>Nobody else is behind this statement until the transaction ends; null: there is no other writer.</summary>
    public virtual string? BeAlone => null;

    /// <summary>A writer keeps its connection from one transaction to the next, and with it what is compiled.</summary>
    public abstract bool KeepsConnection { get; }

    /// <summary>
    /// Creates or brings up to date; <see cref="InvalidDataException"/>: a newer program was here. Step n leads to
    /// version n + 1; all of them in one transaction, one program at a time.
    /// </summary>
    public abstract void Migrate(Schema schema);

    /// <summary>
    /// What can be made anew is never brought up to date: <paramref name="tables"/> that another version has made are
    /// dropped, and created empty.
    /// </summary>
    public void Remake(int version, IReadOnlyList<string> tables, Dialects create) => Write(connection =>
    {
        HoldToMigrate(connection);
        connection.Run("CREATE TABLE IF NOT EXISTS made (version INTEGER NOT NULL)");
        if (connection.Scalar("SELECT version FROM made") is { } made && Convert.ToInt64(made, CultureInfo.InvariantCulture) == version) return false;
        foreach (var table in tables) connection.Run($"DROP TABLE IF EXISTS {table}");
        connection.Run(Text(create));
        connection.Run($"DELETE FROM made; INSERT INTO made VALUES ({version})");
        return true;
    }, OpenToMigrate, BeginToMigrate);

    /// <summary>Nobody else makes or drops tables until this transaction has ended.</summary>
    protected abstract void HoldToMigrate(DbConnection connection);

    /// <summary>Of what stands twice, what is for this one.</summary>
    public abstract string Text(Dialects dialects);

    /// <summary>A table's full name, for a statement outside of a writer's transaction.</summary>
    public abstract string Table(string name);

    /// <summary>A column that is one of the values of <see cref="ManyOf"/>.</summary>
    public abstract string IsOneOf(string column, string parameter);

    /// <summary>Any number of values as one parameter: a text that grew with them would be compiled for each number.</summary>
    public abstract DataParameter ManyOf(string name, IEnumerable<byte[]> values);

    /// <summary>How a statement would be run, a line a step: tests hold the hot ones to their indexes.</summary>
    public abstract Task<IReadOnlyList<string>> Explain(string sql, params DataParameter[] parameters);

    /// <summary>
    /// What stands beside it under the same name with a number: another making of what can be made anew. The first is this
    /// one.
    /// </summary>
    public abstract Database Generation(int number);

    /// <summary>Those that are there.</summary>
    public abstract IReadOnlyList<int> Generations();

    /// <summary>All of it goes, and what is asked of it from then on is a fault. Of what is not there: nothing.</summary>
    public abstract void Erase();

    /// <summary>Pooled readers keep it open; after this it can be moved or deleted.</summary>
    public abstract void CloseReaders();

    /// <summary>True when the database is at fault, so every write of a batch would meet the same; else one of them is.</summary>
    public abstract bool IsFault(Exception e);

    /// <summary>Another writer was in the way, and the same batch may pass now.</summary>
    public abstract bool IsWorthAnotherTry(Exception e);

    /// <summary>What is wrong, in an operator's words.</summary>
    protected abstract string Said(DbException e);

    protected abstract DataOptions MakeReaders();

    /// <summary>Faults are <see cref="StoreException"/>s.</summary>
    public async Task<T> Query<T>(Func<DataConnection, Task<T>> query)
    {
        try
        {
            await using var db = new DataConnection(Readers);
            return await query(db);
        }
        catch (DbException e) { throw Fault(Said(e), e); }
    }

    /// <summary>The same for who cannot go on without it.</summary>
    public T QueryNow<T>(Func<DataConnection, T> query)
    {
        try
        {
            using var db = new DataConnection(Readers);
            return query(db);
        }
        catch (DbException e) { throw Fault(Said(e), e); }
    }

    /// <summary>
    /// One transaction on a connection of its own: for writes so rare that none need be kept open. Faults are
    /// <see cref="StoreException"/>s.
    /// </summary>
    public T Write<T>(Func<DbConnection, T> write) => Write(write, OpenWriter, Begin);

    protected T Write<T>(Func<DbConnection, T> write, Func<DbConnection> open, string begin)
    {
        for (var attempt = 1; ; attempt++)
            try
            {
                using var connection = open();
                connection.Run(begin);
                var written = write(connection);
                connection.Run("COMMIT");
                return written;
            }
            catch (DbException e) when (attempt < Tries && IsWorthAnotherTry(e)) { }
            catch (DbException e) { throw Fault(Said(e), e); }
    }

    /// <summary>How often one transaction is begun that others have been in the way of.</summary>
    internal const int Tries = 3;

    public StoreException Fault(Exception cause) => Fault(cause is DbException e ? Said(e) : cause.Message, cause);

    public StoreException Fault(string message, Exception? cause) => new(Store, message, cause);

    // Made once: linq2db keeps what it has compiled by its options.
    private DataOptions Readers => _readers ??= MakeReaders();
}

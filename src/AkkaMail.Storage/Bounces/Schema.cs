namespace AkkaMail.Storage.Bounces;

/// <summary>returned.db. A released step is never edited; a change is a new step at the end.</summary>
internal static class Schema
{
    // A body lies in a table of its own: lists and states walk over rows, not over mails.
    public static readonly string[] Steps =
    [
        """
        CREATE TABLE mails (
            id INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, door INTEGER NOT NULL, recipient TEXT NOT NULL,
            mail_from TEXT NOT NULL, helo TEXT NOT NULL, remote TEXT NOT NULL, size INTEGER NOT NULL,
            submission BLOB, idx INTEGER, outcome INTEGER NOT NULL, due_at INTEGER NOT NULL, tries INTEGER NOT NULL,
            tenant TEXT, kind INTEGER, reporter TEXT, authentication TEXT, feedback_type TEXT, reason INTEGER,
            rule TEXT, version TEXT, detail TEXT);
        CREATE INDEX mails_due ON mails (due_at) WHERE outcome = 0;
        CREATE INDEX mails_outcome ON mails (outcome);
        CREATE INDEX mails_tenant ON mails (tenant);
        CREATE INDEX mails_message ON mails (submission, idx);
        CREATE INDEX mails_at ON mails (at);
        CREATE TABLE bodies (id INTEGER PRIMARY KEY, bytes BLOB NOT NULL);
        """,
    ];
}

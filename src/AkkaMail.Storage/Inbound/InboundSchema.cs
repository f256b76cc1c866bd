namespace AkkaMail.Storage.Inbound;

/// <summary>returned.db. A released step is never edited; a change is a new step at the end.</summary>
internal static class InboundSchema
{
    // A body lies in a table of its own: lists and states walk over rows, not over mails; and one mail to several addresses
    // is stored once.
    public static readonly string[] Steps =
    [
        """
        CREATE TABLE bodies (id INTEGER PRIMARY KEY AUTOINCREMENT, bytes BLOB NOT NULL);
        CREATE TABLE mails (
            id INTEGER PRIMARY KEY AUTOINCREMENT, body INTEGER NOT NULL, at INTEGER NOT NULL, door INTEGER NOT NULL,
            recipient TEXT NOT NULL, mail_from TEXT NOT NULL, helo TEXT NOT NULL, remote TEXT NOT NULL, size INTEGER NOT NULL,
            loop TEXT, submission BLOB, idx INTEGER, outcome INTEGER NOT NULL, due_at INTEGER NOT NULL,
            tries INTEGER NOT NULL, tenant TEXT, kind INTEGER, reporter TEXT, is_verified INTEGER NOT NULL DEFAULT 0,
            authentication TEXT, feedback_type TEXT, reason INTEGER, rule TEXT, version TEXT, detail TEXT);
        CREATE INDEX mails_due ON mails (door, due_at) WHERE outcome = 0;
        CREATE INDEX mails_unclear ON mails (due_at) WHERE outcome = 5 OR (outcome = 1 AND reason = 0);
        CREATE INDEX mails_outcome ON mails (outcome);
        CREATE INDEX mails_tenant ON mails (tenant, outcome);
        CREATE INDEX mails_message ON mails (submission, idx);
        CREATE INDEX mails_reporter ON mails (reporter);
        CREATE INDEX mails_door ON mails (door, at);
        CREATE INDEX mails_body ON mails (body);
        CREATE INDEX mails_at ON mails (at);
        """,
    ];
}

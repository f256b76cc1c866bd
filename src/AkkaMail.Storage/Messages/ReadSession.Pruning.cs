using AkkaMail.Core.Ids;
using AkkaMail.Core.Messages;

namespace AkkaMail.Storage.Messages;

/// <summary>What is over goes, or does not come in a rebuild; each call is a small part of a transaction.</summary>
internal sealed partial class ReadSession
{
    /// <summary>
    /// Of a message that is over nothing is written, and what was there goes; of one that has just ended the old lines
    /// go. True in the first case.
    /// </summary>
    private bool Passes(FoldedMessage folded, MessageRetention.Cut cut)
    {
        var m = folded.Message;
        var isOver = cut.HasOver(m);
        if (folded.Before is not { } before) return isOver;
        if (isOver) Delete(StoredForm.Bytes(m.Id.Submission), m.Id.Index);
        else if (m.Status.IsTerminal() && !before.IsTerminal())
            Bind(_deleteLines, StoredForm.Bytes(m.Id.Submission), m.Id.Index, cut.FirstDay).ExecuteNonQuery();
        return isOver;
    }

    private static bool IsOver(AcceptedSubmission submission, Fold fold, MessageRetention.Cut cut) =>
        submission.Id.CreatedAt < cut.Messages && Enumerable.Range(0, submission.Recipients.Length)
            .All(i => cut.HasOver(fold.Messages[new(submission.Id, i)].Message));

    /// <summary>With its lines; its tags go with the last message of its submission.</summary>
    private void Delete(byte[] submission, int index)
    {
        var (tenant, tags) = ("", (string?)null);
        using (var row = Bind(_delete, submission, index).ExecuteReader())
            if (row.Read()) (tenant, tags) = (row.GetString(0), row.IsDBNull(1) ? null : row.GetString(1));
        Bind(_deleteLines, submission, index, int.MaxValue).ExecuteNonQuery();
        foreach (var tag in StoredForm.Tags(tags)) Bind(_deleteTag, tenant, tag, submission).ExecuteNonQuery();
    }

    /// <summary>
    /// Looks at <paramref name="max"/> messages behind <paramref name="after"/>: how many went, and where to go on;
    /// null: nothing old is left.
    /// </summary>
    public (int Gone, (byte[] Submission, int Index)? Next) PruneMessages(
        (byte[] Submission, int Index) after, MessageRetention.Cut cut, int max)
    {
        var seen = new List<(byte[] Submission, int Index, bool IsOver)>(max);
        using (var rows = Bind(_oldMessages, after.Submission, after.Index,
            StoredForm.Bytes(SubmissionId.Create(0, cut.Messages, 0)), max).ExecuteReader())
            while (rows.Read())
                seen.Add(((byte[])rows.GetValue(0), rows.GetInt32(1), cut.HasOver(
                    (MessageStatus)rows.GetByte(2), DateTimeOffset.MinValue, StoredForm.Time(rows.GetInt64(3)))));
        foreach (var (submission, index, isOver) in seen)
            if (isOver) Delete(submission, index);
        return (seen.Count(s => s.IsOver), seen.Count < max ? null : (seen[^1].Submission, seen[^1].Index));
    }

    /// <summary>Whose lines, and of which partition, come next in <c>lines_feed</c>; null: nobody's.</summary>
    public (string Tenant, int Partition)? NextFeed((string Tenant, int Partition) after)
    {
        using var row = Bind(_nextFeed, after.Tenant, after.Partition).ExecuteReader();
        return row.Read() ? (row.GetString(0), row.GetInt32(1)) : null;
    }

    /// <summary>The same of lines, in the order they were recorded.</summary>
    public (int Gone, (long Number, int Place)? Next) PruneLines(
        (string Tenant, int Partition) feed, (long Number, int Place) after, MessageRetention.Cut cut, int max)
    {
        var (old, next) = (new List<(byte[] Submission, int Index, long Number, int Ordinal)>(max), after);
        var (seen, isOver) = (0, false);
        using (var rows = Bind(_oldLines, feed.Tenant, feed.Partition, after.Number, after.Place, max).ExecuteReader())
            while (!isOver && rows.Read())
            {
                if (isOver = rows.GetInt32(5) >= cut.FirstDay) break;
                (seen, next) = (seen + 1, (rows.GetInt64(0), rows.GetInt32(1)));
                // What has not ended keeps its story.
                if (rows.IsDBNull(6) || ((MessageStatus)rows.GetByte(6)).IsTerminal())
                    old.Add(((byte[])rows.GetValue(2), rows.GetInt32(3), rows.GetInt64(0), rows.GetInt32(4)));
            }
        foreach (var (submission, index, number, ordinal) in old)
            Bind(_deleteLine, submission, index, number, ordinal).ExecuteNonQuery();
        return (old.Count, isOver || seen < max ? null : next);
    }

    public int PruneTold(DateTimeOffset before, int max) =>
        Bind(_pruneTold, StoredForm.Bytes(SubmissionId.Create(0, before, 0)), max).ExecuteNonQuery();
}

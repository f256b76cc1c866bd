using System.Globalization;

namespace AkkaMail.Core.Ids;

/// <summary>
/// One recipient of a submission, written <c>{submission}-{index}</c>; the unit of lifecycle and events.
/// </summary>
public readonly record struct MessageId(SubmissionId Submission, int Index)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Submission}-{Index}");

    public static bool TryParse(ReadOnlySpan<char> text, out MessageId id)
    {
        id = default;
        if (text.Length < SubmissionId.TextLength + 2 || text[SubmissionId.TextLength] != '-') return false;
        if (!SubmissionId.TryParse(text[..SubmissionId.TextLength], out var submission)) return false;
        if (!int.TryParse(text[(SubmissionId.TextLength + 1)..], NumberStyles.None, CultureInfo.InvariantCulture,
            out var index))
            return false;
        id = new(submission, index);
        return true;
    }
}

using AkkaMail.Core.Ids;

namespace AkkaMail.Storage.Idempotency;

/// <summary>
/// What an Idempotency-Key was used for: the answer to a repeat, and the body it must have. Of <see cref="Count"/>
/// submissions whose ids follow each other it names the first.
/// <paramref name="SendAt"/> is when the first was to be sent; null: at once.
/// </summary>
public sealed record KnownSubmission(SubmissionId Submission, Hash128 Request, DateTimeOffset? SendAt = null)
{
    public int Count { get; init; } = 1;
}

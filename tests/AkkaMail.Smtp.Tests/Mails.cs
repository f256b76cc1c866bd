using System.Collections.Immutable;
using AkkaMail.Core.Attempts;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Mail;
using AkkaMail.Core.Shaping;
using AkkaMail.Smtp.Composing;
using AkkaMail.Smtp.Mime;

namespace AkkaMail.Smtp.Tests;

/// <summary>Submissions to test with; each says only what it differs in.</summary>
internal static class Mails
{
    public static readonly SubmissionId Id = SubmissionId.Create(3, Noon, 42);
    public static DateTimeOffset Noon => new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public static Mailbox Box(string text) =>
        Mailbox.TryParse(text, out var box, out var problem) ? box : throw new ArgumentException(problem);

    public static StoredMail Mail(
        string to = "u@example.org", string from = "Shop <shop@example.com>", string subject = "Hello",
        string? text = "Hi\n",
        string? html = null, Attachment[]? attachments = null, string[]? cc = null, string[]? bcc = null,
        Variable[]? variables = null, HeaderField[]? headers = null,
        string? ownSubject = null, HeaderField[]? ownHeaders = null, Mailbox[]? replyTo = null) =>
        new(new(subject, text, html, [.. attachments ?? []]),
            new(Box(from), [.. replyTo ?? []], [.. headers ?? []],
                [new([Box(to)], Boxes(cc), Boxes(bcc), ownSubject, [.. variables ?? []], [], [.. ownHeaders ?? []])]));

    private static ImmutableArray<Mailbox> Boxes(string[]? texts) => [.. (texts ?? []).Select(Box)];

    public static ComposedMail Composed(StoredMail mail, int index = 0) =>
        Assert.IsType<ComposedMail>(Composer.Compose(mail, new(Id, index), Noon));

    public static DueMessage Due(int index = 0) => new(
        new(Id, index), 1, new("example.org", "default", Streams.Transactional), 1, Noon, Noon.AddDays(3));

    public static Route Way { get; } =
        new(new() { Name = Source.DefaultName }, "site", Allowing(Limits.None));

    public static LaneLimits Allowing(Limits limits) =>
        LaneLimits.Of(new("made") { Defaults = limits }, Source.DefaultName, "site");
}

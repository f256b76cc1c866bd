using AkkaMail.Core.Mail;

namespace AkkaMail.Storage.Tests.Content;

internal static class Mails
{
    public const string Tenant = "acme";
    public static readonly DateTimeOffset Noon = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);
    public static readonly DateTimeOffset Later = Noon.AddDays(7);

    public static MailContent Saying(string subject) => new(subject, "Hello {{name}}", "<p>Hello</p>", []);

    public static SubmissionEnvelope Envelope(params string[] addresses) => new(
        new("Shop", "shop@example.com"), [], [new("X-Campaign", "May")],
        [new([.. addresses.Select(a => new Mailbox("", a))], [], [], null, [new("name", "Ann")], [], [])]);

    public static string Address(StoredMail? mail) => mail!.Envelope.Mails[0].To[0].Address;
}

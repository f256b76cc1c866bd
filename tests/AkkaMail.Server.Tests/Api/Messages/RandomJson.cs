using System.Text.Json;
using CsCheck;

namespace AkkaMail.Server.Tests.Api.Messages;

/// <summary>Requests with right names and any values: mostly wrong, sometimes right.</summary>
internal static class RandomJson
{
    private static readonly string[] Names =
    [
        "from", "to", "cc", "bcc", "reply_to", "subject", "text", "html", "headers", "attachments", "filename",
        "content", "content_type", "content_id", "stream", "tags", "metadata", "template", "variables", "send_at",
        "expires_at", "track", "opens", "clicks", "personalizations", "email", "name", "", "X-A", "a'b",
        "\ud83d\ude00", "\u0000",
    ];

    private static readonly string[] Texts =
    [
        "a@example.com", "A <a@example.com>", "<", "a@", "\"q\"@example.com", "ü@exämple.de", "aGk=", "text/plain",
        "\r\n", "2026-05-01T13:00:00Z", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00+14:00", "broadcast", "", "\u0000",
        "a@xn--a.b", "a@" + new string('x', 300) + ".de", "@", "a@..", "\u202ea@b.c",
    ];

    public static readonly Gen<string> Text = Gen.OneOf(Pick(Texts), Gen.String);

    // Not every string of .NET is text: half a pair is written as its escape, which must be refused, not thrown at.
    private static readonly Gen<string> Leaf = Gen.OneOf(
        Text.Select(Quote), Text.Select(Quote), Pick(["null", "true", "false", "1", "-1e400", "\"\\udead\""]));

    private static Gen<string> Pick(string[] texts) => Gen.Int[0, texts.Length - 1].Select(i => texts[i]);

    public static string Quote(string text)
    {
        try { return JsonSerializer.Serialize(text); }
        catch (ArgumentException) { return "\"\\ud800\""; }
    }

    private static Gen<string> Value(int depth) => depth == 0
        ? Leaf
        : Gen.OneOf(Leaf, Leaf, Object(depth - 1), Value(depth - 1).List[0, 3].Select(v => $"[{string.Join(',', v)}]"));

    private static Gen<string> Object(int depth) =>
        Gen.Select(Pick(Names), Value(depth)).List[0, 6]
            .Select(fields => $"{{{string.Join(',', fields.Select(f => $"{Quote(f.Item1)}:{f.Item2}"))}}}");

    public static readonly Gen<string> Request = Object(4);
}

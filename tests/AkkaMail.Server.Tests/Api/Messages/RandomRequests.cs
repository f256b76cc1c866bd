using CsCheck;

namespace AkkaMail.Server.Tests.Api.Messages;

/// <summary>
/// Right kinds with any text in them: these get past the reader, so that validation has something to say.
/// </summary>
internal static class RandomRequests
{
    private static readonly Gen<string> Word =
        RandomJson.Text.Select(RandomJson.Quote).Where(text => text != "\"\\ud800\"");

    private static readonly Gen<string> Address =
        Gen.Frequency((9, Gen.Int[0, 999].Select(i => $"\"r{i}@example.com\"")), (1, Word));

    private static readonly Gen<string> Addresses = Address.List[0, 3].Select(words => $"[{string.Join(',', words)}]");
    private static readonly Gen<string> Words = Word.List[0, 2].Select(words => $"[{string.Join(',', words)}]");

    private static readonly Gen<string> Map = Gen.Select(Gen.Int[0, 2], Word)
        .Select((n, word) => $"{{{string.Join(',', Enumerable.Range(0, n).Select(i => $"\"X-{i}\":{word}"))}}}");

    private static readonly Gen<string> Time =
        Gen.Int[-100, 3_000_000].Select(s => $"\"{Sends.Noon.AddSeconds(s):O}\"");

    private static readonly Gen<string> File =
        Fields(("filename", Word), ("content", Gen.Const("\"aGk=\"")), ("content_type", Word), ("content_id", Word));

    private static readonly Gen<string> Own = Fields(
        ("to", Addresses), ("cc", Addresses), ("bcc", Addresses), ("subject", Word), ("variables", Map),
        ("headers", Map));

    private static readonly Gen<string> Recipients = Gen.OneOf(
        Own.List[1, 2].Select(own => $"\"personalizations\":[{string.Join(',', own)}]"),
        Addresses.Select(to => $"\"to\":{to}"));

    private static readonly Gen<string> Rest = Fields(
        ("reply_to", Address), ("subject", Word), ("html", Word), ("headers", Map), ("stream", Word), ("tags", Words),
        ("metadata", Map), ("variables", Map), ("send_at", Time), ("expires_at", Time), ("attachments", File.Array[0, 1]
            .Select(files => $"[{string.Join(',', files)}]")));

    public static readonly Gen<string> Any =
        Gen.Select(Address, Recipients, Word, Rest).Select((from, to, text, rest) =>
        $"{{\"from\":{from},{to},\"text\":{text}{(rest == "{}" ? "}" : "," + rest[1..])}");

    /// <summary>Each field is there, one time in four.</summary>
    private static Gen<string> Fields(params (string Name, Gen<string> Value)[] fields) => fields
        .Select(field => Gen.Select(Gen.Int[0, 3], field.Value).Select((n, v) => n > 0 ? "" : $"\"{field.Name}\":{v}"))
        .Aggregate(Gen.Const(""), (all, next) => Gen.Select(all, next).Select((a, b) => (a, b) switch
        {
            ("", _) => b,
            (_, "") => a,
            _ => $"{a},{b}",
        }))
        .Select(all => $"{{{all}}}");
}

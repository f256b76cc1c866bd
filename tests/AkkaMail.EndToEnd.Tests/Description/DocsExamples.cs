using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using AkkaMail.EndToEnd.Tests.World;
using AkkaMail.Rig;

namespace AkkaMail.EndToEnd.Tests.Description;

/// <summary>Each body that a page of the docs gives to curl is sent as it stands, and answered as the page says.</summary>
[Collection(Relaying.Name)]
public sealed partial class DocsExamples(Relaying server)
{
    public static TheoryData<string, string, string, string, int> All
    {
        get
        {
            var all = new TheoryData<string, string, string, string, int>();
            foreach (var file in Directory.GetFiles(Path.Combine(ThisBuild.Root, "docs"), "*.md", SearchOption.AllDirectories).Order())
                foreach (Match m in Curl().Matches(File.ReadAllText(file)))
                    all.Add(Path.GetFileName(file), m.Groups["method"] is { Success: true, Value: var method } ? method : "POST",
                        m.Groups["path"].Value, m.Groups["body"].Value,
                        m.Groups["status"].Success ? int.Parse(m.Groups["status"].Value, CultureInfo.InvariantCulture) : 0);
            return all;
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task What_a_page_sends_is_answered_as_it_says(string page, string method, string path, string body, int refused)
    {
        using var tenant = await server.NewTenant("docs");
        var (name, api) = (Mails.Unique("acme"), await Described.Read(tenant.Http));
        if (path.Contains("/acme", StringComparison.Ordinal)) await server.Installation.Make("/v1/tenants", new { name });
        if (Id().IsMatch(body)) body = Id().Replace(body, (await tenant.Send(Mails.To("ann@example.com")))[0]);
        (path, body) = (path.Replace("/acme", $"/{name}", StringComparison.Ordinal),
            body.Replace("\"acme\"", $"\"{name}\"", StringComparison.Ordinal));
        var operation = api.Find(method, path)!;

        using var parsed = JsonDocument.Parse(body);
        Assert.Empty(api.Faults(operation.Node["requestBody"]!["content"]!["application/json"]!["schema"]!, parsed.RootElement));
        var http = (string?)operation.Node["x-scope"] == "admin" ? server.Api.Http : tenant.Http;
        using var answer = await http.SendAsync(
            new(new(method), path) { Content = new StringContent(body, Encoding.UTF8, "application/json") });

        var said = $"{page}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}";
        Assert.True(refused == 0 ? answer.IsSuccessStatusCode : (int)answer.StatusCode == refused, said);
    }

    [Fact]
    public void There_are_some() => Assert.True(All.Count >= 9, $"only {All.Count}");

    /// <summary>A command with a body; where the answer below it is a problem, its status.</summary>
    [GeneratedRegex("""
        curl -s (?:-X (?<method>[A-Z]+) )?"?\$URL(?<path>/v1/[^\s"]+)"?(?:(?!curl|```)[\s\S])*?-d '(?<body>\{[^']*\})'(?:\s*```\s*```json\s*\{\s*"type"(?:(?!```)[\s\S])*?"status": (?<status>\d+))?
        """)]
    private static partial Regex Curl();

    [GeneratedRegex("[0-9a-z]{26}-[0-9]+|[0-9a-z]{25}-[0-9]+")]
    private static partial Regex Id();
}

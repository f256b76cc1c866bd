using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using AkkaMail.Server.Data;
using AkkaMail.Server.Options;
using Microsoft.Extensions.Options;

namespace AkkaMail.Server.Demo;

/// <summary>A real mail through the public API to the catcher, and its story in words.</summary>
internal static class Demo
{
    public static async Task Run(WebApplication app)
    {
        var data = app.Services.GetRequiredService<DataDirectory>();
        var key = data.NewAdminKey ?? app.Services.GetRequiredService<IOptions<AkkaMailOptions>>().Value.AdminKey
            ?? data.SessionKey;
        var url = Greeting.PublicUrl(app);
        using var http = new HttpClient { BaseAddress = new(Greeting.Url(app)) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);

        using var answer = await http.PostAsJsonAsync("/v1/messages", Mail());
        answer.EnsureSuccessStatusCode();
        var id = (string)(await answer.Content.ReadFromJsonAsync<JsonObject>())!["messages"]![0]!["id"]!;
        var story = await Ended(http, id);

        Console.WriteLine($"\nMessage {id} is {story["status"]}:");
        foreach (var e in story["events"]!.AsArray()) Console.WriteLine(Line(e!));
        Console.WriteLine($"""

            See the mail and its story:  {url}/#key={key}&message={id}
            Send another one:
              curl -s {url}/v1/messages -H 'Authorization: Bearer {key}' -H 'Content-Type: application/json' \
                -d '{JsonBody}'
            Ctrl+C ends it.
            """);
    }

    private const string JsonBody =
        """{"from":"Shop <shop@example.com>","to":["ann@example.net"],"subject":"Your receipt","text":"Thank you!"}""";

    private static object Mail() => new
    {
        from = "AkkaMail démo <demo@example.com>",
        to = new[] { "Ann <ann@example.net>" },
        subject = "Grüße – your first mail ✉ こんにちは",
        text = "Hello Ann,\n\nthis mail went through the API, a ledger, a lane and SMTP.\n",
        html = "<p>Hello <b>Ann</b>,</p><p>this mail went through the API, a ledger, a lane and SMTP.</p>",
        attachments = new[]
        {
            new
            {
                filename = "receipt.csv", content_type = "text/csv",
                content = Convert.ToBase64String(Encoding.UTF8.GetBytes("item,price\nCafé,3.50\n")),
            },
        },
        tags = new[] { "demo" },
    };

    private static async Task<JsonObject> Ended(HttpClient http, string id)
    {
        for (var i = 0; ; i++)
        {
            var story = (await http.GetFromJsonAsync<JsonObject>($"/v1/messages/{id}"))!;
            if (i > 600 || (string)story["status"]! is not ("accepted" or "scheduled" or "sending")) return story;
            await Task.Delay(25);
        }
    }

    private static string Line(JsonNode e)
    {
        var at = DateTimeOffset.Parse((string)e["at"]!, System.Globalization.CultureInfo.InvariantCulture);
        var line = $"  {at:HH:mm:ss.fff}  {e["type"],-10}";
        if (e["reply"] is { } reply) line += $" {reply["code"]} {reply["enhanced_code"]} {reply["text"]}";
        if (e["mx"] is { } mx) line += $"  ({mx}, {e["tls"]?.ToString() ?? "plain"}, {e["duration_ms"]} ms)";
        return line;
    }
}

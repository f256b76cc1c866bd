using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using AkkaMail.EndToEnd.Tests.World;

namespace AkkaMail.EndToEnd.Tests;

/// <summary>Mails and replies explained over HTTP.</summary>
[Collection(Resolving.Name)]
public sealed class Bounces(Resolving server)
{
    private HttpClient Http => server.Api.Http;

    [Fact]
    public async Task A_bounce_is_explained_recipient_by_recipient()
    {
        var (status, body) = await Parse("""
            From: MAILER-DAEMON@mx.test
            Subject: Undelivered Mail Returned to Sender
            Content-Type: multipart/report; report-type=delivery-status; boundary=b

            --b
            Content-Type: message/delivery-status

            Final-Recipient: rfc822; ann@a.test
            Action: failed
            Status: 5.1.1
            Diagnostic-Code: smtp; 550 5.1.1 User unknown
            --b--
            """);

        Assert.Equal(HttpStatusCode.OK, status);
        var result = body["results"]!.AsArray().Single()!;
        string[] names = ["recipient", "kind", "reason", "hard", "bounce", "fault", "status", "reply", "rule"];
        Assert.Equal("ann@a.test|bounce|unknown_user|true|hard|recipient|5.1.1|550 5.1.1 User unknown|"
            + "unknown-user-by-status", string.Join('|', names.Select(name => result[name]!.ToString())));
    }

    [Fact]
    public async Task An_ordinary_mail_is_other()
    {
        var (status, body) = await Parse("From: ann@a.test\nSubject: Hi\n\nHello");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("""[{"recipient":"","kind":"other","hard":false,"reply":""}]""", body["results"]!.ToJsonString());
    }

    [Fact]
    public async Task A_mail_over_the_bound_is_a_413_and_none_a_422()
    {
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await Parse(new('x', 40 * 1024 * 1024 + 1))).Status);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await Parse("")).Status);
    }

    [Fact]
    public async Task Replies_are_classified_in_their_order()
    {
        using var answer = await Http.PostAsJsonAsync("/v1/bounces/classify",
            new { replies = new[] { "550 5.1.1 User unknown", "421 4.7.0 Too many connections" } });

        var all = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!.AsArray();
        Assert.Equal(["hard hard unknown_user", "ratelimited transient too_many_connections"],
            all.Select(r => $"{r!["category"]} {r["bounce"]} {r["reason"]}"));
        Assert.Equal("421 4.7.0 Too many connections", (string?)all[1]!["reply"]);
        Assert.All(all, r => Assert.NotEmpty((string)r!["rule"]!));
    }

    [Theory]
    [InlineData("{", 400, null)]
    [InlineData("{}", 422, "replies")]
    [InlineData("""{"replies": []}""", 422, "replies")]
    [InlineData("""{"replies": "550"}""", 422, "replies")]
    [InlineData("""{"replies": ["550 no", null]}""", 422, "replies[1]")]
    [InlineData("""{"replies": ["550 no"], "reply": 1}""", 422, "reply")]
    public async Task A_wrong_request_names_its_field(string body, int status, string? field)
    {
        using var answer = await Http.PostAsync(
            "/v1/bounces/classify", new StringContent(body, Encoding.UTF8, "application/json"));

        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        var problem = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
        Assert.Equal(field, (string?)problem["errors"]?[0]?["field"]);
    }

    [Fact]
    public async Task A_thousand_replies_are_the_most_of_one_call()
    {
        using var most = await Http.PostAsJsonAsync(
            "/v1/bounces/classify", new { replies = Enumerable.Repeat("550 no", 1_000) });
        using var more = await Http.PostAsJsonAsync(
            "/v1/bounces/classify", new { replies = Enumerable.Repeat("550 no", 1_001) });

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.UnprocessableEntity), (most.StatusCode, more.StatusCode));
    }

    private async Task<(HttpStatusCode Status, JsonNode Body)> Parse(string mail)
    {
        using var content = new StringContent(mail);
        content.Headers.ContentType = new("message/rfc822");
        using var answer = await Http.PostAsync("/v1/bounces/parse", content);
        return (answer.StatusCode, JsonNode.Parse(await answer.Content.ReadAsStringAsync())!);
    }
}

using System.Net;
using System.Text.Json.Nodes;
using AkkaMail.EndToEnd.Tests.World;

namespace AkkaMail.EndToEnd.Tests;

/// <summary>
/// What comes back after a mail was delivered: bounces, complaints, answers of machines, and forgeries, brought by SMTP to
/// the real server.
/// </summary>
[Collection(Listening.Name)]
public sealed class Returns(Listening server) : IAsyncLifetime
{
    private readonly string _to = server.Domain();
    private HashSet<string> _before = [];
    private Api? _tenant;

    /// <summary>A tenant of the test's own.</summary>
    private Api Api => _tenant!;

    private string Ann => $"ann@{_to}";

    public async Task InitializeAsync()
    {
        _tenant = await server.NewTenant();
        _before = [.. (await All("")).Select(m => (string)m["id"]!)];
    }

    [Fact]
    public async Task A_bounce_after_delivery_changes_the_story_and_the_counters_once_also_when_it_comes_twice()
    {
        var before = await Reported();
        var (id, path) = await Delivered(Ann);
        var bounce = Bringer.Bounce(Ann, "5.1.1", $"550 5.1.1 <{Ann}>: unknown");

        var answer = await Bringer.Bring(server.SmtpPort, path, bounce);
        Assert.StartsWith("250 2.0.0", answer);
        var story = await Api.Story(id, s => s.Types.EndsWith("bounced_late", StringComparison.Ordinal));
        await Bringer.Bring(server.SmtpPort, path, bounce.Replace("15:00:00", "15:07:00", StringComparison.Ordinal));

        await Mails(2, "?outcome=repeat", 1);
        Assert.Equal("delivered", story.Status);
        var late = (await Get($"/v1/messages/{id}"))["events"]!.AsArray()[^1]!;
        Assert.Equal(("550", "5.1.1", $"<{Ann}>: unknown", "mx.far.test", "unknown_user", "hard"),
            (late["reply"]!["code"]!.ToString(), (string?)late["reply"]!["enhanced_code"], (string?)late["reply"]!["text"],
                (string?)late["reporter"], (string?)late["classification"]!["reason"],
                (string?)late["classification"]!["bounce"]));
        Assert.Equal("accepted attempt delivered bounced_late", (await Api.Story(id)).Types);
        var after = await Reported();
        Assert.Equal((1, 1, 0, true), (after.Delivered - before.Delivered, after.BouncedLate - before.BouncedLate,
            after.Bounced - before.Bounced, after.Complete));

        var entry = Assert.Single((await Get("/v1/suppressions"))["suppressions"]!.AsArray())!;
        Assert.Equal((Ann, "hard_bounce", id),
            ((string?)entry["address"], (string?)entry["origin"], (string?)entry["cause"]));
        Assert.Equal("suppressed", (await Api.Ended((await Api.Send(World.Mails.To(Ann)))[0])).Status);
    }

    [Fact]
    public async Task What_was_kept_survives_a_crash_and_a_rebuild_changes_nothing()
    {
        var before = await Reported();
        var (id, path) = await Delivered(Ann);
        await Bringer.Bring(server.SmtpPort, path, Bringer.Bounce(Ann, "5.2.2", "552 5.2.2 mailbox full"));
        server.Installation.Kill();
        await server.Installation.Up();
        await Api.Story(id, s => s.Types.EndsWith("bounced_late", StringComparison.Ordinal));
        var counts = await Api.Status(s => s.Complete);

        await Api.Rebuilt();
        await Api.Status(s => s.Complete && s.Accepted == counts.Accepted);

        Assert.Equal("accepted attempt delivered bounced_late", (await Api.Story(id)).Types);
        Assert.Equal(1, (await Reported()).BouncedLate - before.BouncedLate);
        Assert.Empty((await Get("/v1/suppressions"))["suppressions"]!.AsArray());   // One full mailbox is no reason.
    }

    [Fact]
    public async Task Delays_and_answers_of_machines_change_nothing()
    {
        var (id, path) = await Delivered(Ann);

        await Bringer.Bring(server.SmtpPort, path, Bringer.AwayNotice, Ann);
        await Bringer.Bring(server.SmtpPort, path, Bringer.Bounce(Ann, "4.4.1", "451 4.4.1 no answer", "delayed"));

        var mails = await Mails(2);
        Assert.Equal(["auto_reply", "noted"], mails.Select(m => (string)m["outcome"]!).Order());
        Assert.Equal("accepted attempt delivered", (await Api.Story(id)).Types);
        Assert.Empty((await Get("/v1/suppressions"))["suppressions"]!.AsArray());
    }

    [Fact]
    public async Task A_complaint_counts_for_the_sender_and_the_lane_and_stops_the_tenants_mail_to_who_complains()
    {
        var (id, path) = await Delivered(Ann);

        // A loop's report shows the mail it is about, whose return path the receiver has put on top.
        var answer = await Bringer.Bring(
            server.SmtpPort, "fbl+isp@bounce.engine.test",
            Bringer.Complaint($"Return-Path: <{path}>\nSubject: Receipt"), "complaints@isp.test");

        Assert.StartsWith("250 2.0.0", answer);
        var story = await Api.Story(id, s => s.Types.EndsWith("complained", StringComparison.Ordinal));
        Assert.Equal("delivered", story.Status);
        var end = (await Get($"/v1/messages/{id}"))["events"]!.AsArray()[^1]!;
        Assert.Equal(("isp", "abuse"), ((string?)end["reporter"], (string?)end["feedback_type"]));
        await Wait.Until(async () => (await Get("/v1/suppressions"))["suppressions"]!.AsArray().Count == 1);
        var entry = (await Get("/v1/suppressions"))["suppressions"]![0]!;
        Assert.Equal(("complaint", "tenant", Ann),
            ((string?)entry["origin"], (string?)entry["scope"], (string?)entry["address"]));
        var rates = (await Get("/v1/complaints"))["rates"]!.AsArray();
        Assert.All(rates, r => Assert.Equal((1, 1, 1.0), ((int)r!["complaints"]!, (int)r["delivered"]!, (double)r["rate"]!)));
        Assert.Equal(["domain", "stream", "tenant"], rates.Select(r => (string)r!["subject"]!["kind"]!).Order());
        var loop = (await Get("/v1/feedback-loops"))["loops"]!.AsArray().Single()!;
        Assert.Equal(("isp", 1, 1), ((string?)loop["reporter"], (int)loop["reports"]!, (int)loop["complaints"]!));
        await Wait.Until(async () => (await Get($"/v1/lanes/default/mx.{_to}/history"))["events"]!.AsArray()
            .Any(e => (string?)e!["type"] == "feedback" && (int)e["complaints"]! == 1));
    }

    [Fact]
    public async Task Forged_bounces_and_made_up_complaints_are_refused_or_count_for_nobody()
    {
        var (id, path) = await Delivered(Ann);
        var forged = path.Replace("b+", "b+a", StringComparison.Ordinal);
        forged = forged[..(forged.IndexOf('@') - 1)] + forged[forged.IndexOf('@')..];

        Assert.StartsWith("550 5.1.1",
            await Bringer.Bring(server.SmtpPort, forged, Bringer.Bounce(Ann, "5.1.1", "550 no")));
        Assert.StartsWith("550 5.7.1",
            await Bringer.Bring(server.SmtpPort, "ann@elsewhere.test", "Subject: relay\n\nme"));
        Assert.StartsWith("250 ", await Bringer.Bring(
            server.SmtpPort, "fbl@bounce.engine.test",
            Bringer.Complaint($"Message-ID: <{id}@sender.test>\nTo: {Ann}")));

        Assert.Equal("unattributed", (string?)(await Mails(1))[0]["outcome"]);
        Assert.Equal("accepted attempt delivered", (await Api.Story(id)).Types);
        Assert.Empty((await Get("/v1/suppressions"))["suppressions"]!.AsArray());
        var metrics = await Api.Http.GetStringAsync("/metrics");
        Assert.Contains("akkamail_returned_refused_total{reason=\"forged\"} 1", Squeezed(metrics), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_no_rule_understands_is_kept_listed_and_read_again_when_there_is_one()
    {
        var before = await Reported();
        var (id, path) = await Delivered(Ann);
        await Bringer.Bring(server.SmtpPort, path, Bringer.Bounce(Ann, "5.0.0", "550 Zwiebelfisch quakt blau"));
        await Bringer.Bring(server.SmtpPort, path, $"From: {Ann}\nSubject: a question\n\nWhere is my parcel?\n");
        var mails = await Mails(2);
        Assert.Equal(["recorded unclear", "unclear "],
            mails.Select(m => $"{m["outcome"]} {m["reason"]}").Order());
        var question = mails.Single(m => (string?)m["outcome"] == "unclear");
        Assert.Contains("Where is my parcel?", await Api.Http.GetStringAsync($"/v1/bounces/mails/{question["id"]}/raw"),
            StringComparison.Ordinal);

        await File.WriteAllTextAsync(System.IO.Path.Combine(server.Installation.Directory, "bounces.json"), """
            { "version": "mine", "rules": [{ "id": "onion", "reason": "inactive", "match": ["zwiebelfisch quakt"] }] }
            """);

        var story = await Api.Story(id, s => s.Events!.Length == 5);
        var events = (await Get($"/v1/messages/{id}"))["events"]!.AsArray();
        Assert.Equal(["unclear", "inactive"], events.Skip(3).Select(e => (string)e!["classification"]!["reason"]!));
        Assert.Equal("onion", (string?)events[^1]!["classification"]!["rule"]);
        Assert.Equal(1, (await Reported()).BouncedLate - before.BouncedLate);   // Of one message.
        Assert.Equal("delivered", story.Status);
    }

    [Fact]
    public async Task A_report_of_DMARC_counts_when_DNS_knows_who_sent_it()
    {
        await server.Dns.Publish("reporters",
            "reporter.test. 300 IN TXT \"v=spf1 ip4:127.0.0.1 -all\"", "forger.test. 300 IN TXT \"v=spf1 -all\"");
        var domain = $"{World.Mails.Unique("sender")}.test";
        using var added = await Api.Http.PostAsync("/v1/domains", Json($$"""{"domain":"{{domain}}"}"""));
        var day = new DateTimeOffset(TimeProvider.System.GetUtcNow().UtcDateTime.Date.AddDays(-1), TimeSpan.Zero);

        foreach (var reporter in (string[])["reporter.test", "forger.test", "reporter.test"])
            Assert.StartsWith("250 ", await Bringer.Bring(server.SmtpPort, "dmarc@engine.test",
                Bringer.DmarcReport(reporter, domain, day), $"noreply@{reporter}"));

        var outcomes = await Mails(3);
        Assert.Equal(["domain_report", "refused", "domain_report"], outcomes.Select(m => (string)m["outcome"]!));
        Assert.Contains("spf=pass", (string)outcomes[0]["authentication"]!, StringComparison.Ordinal);
        var figures = (await Get($"/v1/domains/{domain}/dmarc"))["days"]!.AsArray().Single()!;
        var source = figures["sources"]!.AsArray().Single()!;
        Assert.Equal(("192.0.2.7", 40, 40), ((string?)source["source_ip"], (int)source["mails"]!, (int)source["passed"]!));
    }

    [Fact]
    public async Task Another_tenants_reports_are_not_there()
    {
        var name = World.Mails.Unique("acme");
        using var acme = await server.Installation.Tenant(name, null, "manage");
        using var globex = await server.Installation.Tenant(World.Mails.Unique("globex"), null, "manage");
        var id = (await acme.Send(World.Mails.To(Ann)))[0];
        await acme.Ended(id);
        await Bringer.Bring(server.SmtpPort, Path(), Bringer.Bounce(Ann, "5.1.1", "550 no"));
        var mail = (await Mails(1))[0];

        Assert.Equal(name, (string?)mail["tenant"]);
        Assert.Single(JsonNode.Parse(await acme.Http.GetStringAsync("/v1/bounces/mails"))!["mails"]!.AsArray());
        Assert.Empty(JsonNode.Parse(await globex.Http.GetStringAsync("/v1/bounces/mails"))!["mails"]!.AsArray());
        foreach (var path in (string[])["", "/raw"])
        {
            using var answer = await globex.Http.GetAsync($"/v1/bounces/mails/{mail["id"]}{path}");
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        }
        using var reread = await globex.Http.PostAsync($"/v1/bounces/mails/{mail["id"]}/reread", null);
        Assert.Equal(HttpStatusCode.NotFound, reread.StatusCode);
        using var own = await acme.Http.PostAsync($"/v1/bounces/mails/{mail["id"]}/reread", null);
        Assert.Equal(HttpStatusCode.OK, own.StatusCode);
    }

    private static StringContent Json(string text) => new(text, System.Text.Encoding.UTF8, "application/json");

    /// <summary>A message that was delivered, and its return path as the receiver saw it.</summary>
    private async Task<(string Id, string ReturnPath)> Delivered(string recipient)
    {
        var id = (await Api.Send(World.Mails.To(recipient)))[0];
        Assert.Equal("delivered", (await Api.Ended(id)).Status);
        return (id, Path());
    }

    private string Path()
    {
        var path = server.SunkAt(_to)[^1].MailFrom;
        Assert.EndsWith("@bounce.engine.test", path);
        return path;
    }

    /// <summary>
    /// What came in since the test began, as soon as so many have been read; <paramref name="expected"/> of them fit
    /// the query.
    /// </summary>
    private async Task<List<JsonNode>> Mails(int count, string query = "", int? expected = null)
    {
        List<JsonNode> mails = [];
        await Wait.Until(async () => (await List("")).Count(m => (string?)m["outcome"] != "waiting") == count
            && (mails = await List(query)).Count == (expected ?? count));
        return mails;
    }

    private async Task<List<JsonNode>> List(string query) =>
        [.. (await All(query)).Where(m => !_before.Contains((string)m["id"]!))];

    /// <summary>Also what is nobody's.</summary>
    private async Task<IEnumerable<JsonNode>> All(string query) => JsonNode.Parse(
        await server.Api.Http.GetStringAsync($"/v1/bounces/mails{query}"))!["mails"]!.AsArray().Select(m => m!);

    private sealed record Counters(long Delivered, long Bounced, long BouncedLate, bool Complete);

    /// <summary>The counters of the installation, once every event is in them.</summary>
    private async Task<Counters> Reported()
    {
        await Api.Status(_ => true);
        var status = await Get("/v1/status");
        return new((long)status["statuses"]!["delivered"]!, (long)status["statuses"]!["bounced"]!,
            (long)status["reported"]!["bounced_late"]!, (bool)status["complete"]!);
    }

    private async Task<JsonNode> Get(string path) => JsonNode.Parse(await Api.Http.GetStringAsync(path))!;

    /// <summary>Without the labels of the meter and the time.</summary>
    private static string Squeezed(string metrics) => string.Join('\n', metrics.Split('\n')
        .Select(l => System.Text.RegularExpressions.Regex.Replace(l, "otel_[a-z_]+=\"[^\"]*\",", "")));

    public Task DisposeAsync()
    {
        _tenant?.Dispose();
        return Task.CompletedTask;
    }
}

using System.Net;
using System.Text.Json;
using AkkaMail.Smtp.Authentication;

namespace AkkaMail.Smtp.Tests.Authentication;

/// <summary>The openspf suite for RFC 7208, all 203 cases, asked of a name server that has its zones.</summary>
public sealed class OpenSpfTests
{
    private static readonly JsonElement[] Zones =
        [.. JsonDocument.Parse(File.ReadAllBytes("Authentication/openspf/rfc7208-tests.json")).RootElement.EnumerateArray()];

    public static TheoryData<int> Sections => [.. Enumerable.Range(0, Zones.Length)];

    [Theory, MemberData(nameof(Sections))]
    public async Task Each_case_ends_in_a_verdict_the_suite_allows(int section)
    {
        var zone = Zones[section];
        using var server = new ZoneServer(zone.GetProperty("zone"));
        var spf = new InboundAuthentication(
            new() { Servers = [server.EndPoint] }, TimeProvider.System);
        var wrong = new List<string>();
        foreach (var one in zone.GetProperty("cases").EnumerateArray())
        {
            string Text(string name) => one.GetProperty(name).GetString()!;
            var allowed = one.GetProperty("result").EnumerateArray().Select(r => r.GetString()).ToList();
            var verdict = await spf.SpfAsync(new(IPAddress.Parse(Text("host")), Text("helo"), Text("mailfrom")));
            var said = verdict.Result.ToString().ToLowerInvariant();
            if (!allowed.Contains(said))
                wrong.Add($"{Text("name")}: {said} ({verdict.Reason}), not {string.Join(" or ", allowed)}");
        }

        Assert.True(wrong.Count == 0, $"{zone.GetProperty("description")}:\n{string.Join('\n', wrong)}");
    }

    [Fact]
    public void The_suite_is_whole() =>
        Assert.Equal(203, Zones.Sum(z => z.GetProperty("cases").GetArrayLength()));
}

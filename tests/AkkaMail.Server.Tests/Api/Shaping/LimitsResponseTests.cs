using System.Text;
using System.Text.Json;
using AkkaMail.Core.Shaping;
using AkkaMail.Server.Api.Shaping;

namespace AkkaMail.Server.Tests.Api.Shaping;

public sealed class LimitsResponseTests
{
    [Fact]
    public void Every_limit_of_a_lane_is_told_under_the_name_it_has_in_a_file()
    {
        const string File = """
            {"shipped": false, "providers": {"corp": {"match": [{"MXSuffix": "corp.test"}],
              "total": {"rate": "50/s", "connections": 99}}}}
            """;
        var rules = ((ShapingReading.Good)ShapingReader.Read(Encoding.UTF8.GetBytes(File), "shaping.json")).Rules;
        var limits = LaneLimits.Of(rules, Source.DefaultName, "corp");

        var told = JsonSerializer.SerializeToElement(
            LimitsResponse.Of(limits), ShapingAnswers.Default.GetTypeInfo(typeof(LimitsResponse))!);

        // The shipped defaults have all but the totals: what is read and not told is missing here.
        Assert.Equal(limits.Explain().ToDictionary(l => l.Key, l => (l.Value.Value, l.Value.Origin)),
            told.EnumerateObject().ToDictionary(p => p.Name,
                p => (p.Value.GetProperty("value").GetString()!, p.Value.GetProperty("origin").GetString()!)));
    }
}

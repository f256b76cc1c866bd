using System.Globalization;
using AkkaMail.Core.Rules;
using static AkkaMail.Core.Tests.Shaping.ShapingTexts;

namespace AkkaMail.Core.Tests.Shaping;

public sealed class ShapingBoundTests
{
    /// <summary>
    /// How many are allowed, a file with ' for quotes, and the entry that stands so often at its @ with its number at
    /// #. Without an entry the number itself stands there.
    /// </summary>
    public static TheoryData<int, string, string?> Bounds => new()
    {
        { 1_000, "{'shipped': false, 'providers': {@}}", "'p#': {'match': [{'HostName': 'h#'}]}" },
        { 100, "{'providers': {'p': {'match': [@]}}}", "{'HostName': 'h#'}" },
        { 100_000, "{'domains': {@}}", "'d#.test': {}" },
        { 10_000, "{'sources': {@}}", "'s#': {}" },
        { 999, "{'pools': {'default': {'sources': {'default': 1}}, @}}", "'p#': {'sources': {'default': 1}}" },
        { 10_000, "{'tenants': {@}}", "'t#': {}" },
        { 10_000, "{'streams': [@]}", "{}" },
        { 50, "{'streams': [{'windows': [@]}]}", "{'from': '08:00', 'to': '09:00'}" },
        { 100, "{'warm_up_plans': {@}}", "'w#': {'per': 'day', 'stages': [1]}" },
        { 400, "{'warm_up_plans': {'w': {'per': 'day', 'stages': [@]}}}", "1#" },
        { 1_000, "{'rules': [@]}", "{'id': 'r#', 'class': 'blocked', 'suspend': true, 'for': '1h'}" },
        { 100, "{'rules': [{'id': 'r', 'suspend': true, 'for': '1h', 'match': [@]}]}", "'p#'" },
        { 1_000, "{'sources': {'s': {'domains': {@}}}}", "'d#.test': {}" },
        { 5_000, "{'defaults': {'connections': @}}", null },
        { 100_000, "{'defaults': {'messages_per_connection': @}}", null },
        { 1_000_000, "{'tenants': {'t': {'connections': @}}}", null },
        { 1_000, "{'pools': {'default': {'sources': {'default': @}}}}", null },
        { 10_000, "{'rules': [{'id': 'r', 'match': ['x'], 'trigger': '@/d', 'suspend': true, 'for': '1h'}]}", null },
        { 30, "{'rules': [{'id': 'r', 'class': 'blocked', 'suspend': true, 'for': '@d'}]}", null },
    };

    [Theory]
    [MemberData(nameof(Bounds))]
    public void A_bound_is_allowed_and_one_more_is_not(int bound, string file, string? entry)
    {
        var (at, beyond) = (Faults(Filled(file, entry, bound)), Faults(Filled(file, entry, bound + 1)));

        Assert.DoesNotContain(at, f => f.Message.Contains("allowed", StringComparison.Ordinal));
        Assert.Single(beyond, f => f.Message.Contains("allowed", StringComparison.Ordinal)
            || f.Message.Contains("needed", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(64, "{'tenants': {'@': {}}}")]
    [InlineData(500, "{'rules': [{'id': 'r', 'suspend': true, 'for': '1h', 'match': ['@']}]}")]
    [InlineData(255, "{'rules': [{'id': 'r', 'suspend': true, 'for': '1h', 'class': 'blocked', 'site': '@'}]}")]
    [InlineData(63, "{'domains': {'@.test': {}}}")]
    public void A_text_may_be_so_long_and_no_longer(int bound, string file)
    {
        Assert.Empty(Faults(Filled(file, "", 0, new string('x', bound))));
        Assert.Single(Faults(Filled(file, "", 0, new string('x', bound + 1))));
    }

    [Fact]
    public void A_file_of_sixteen_megabytes_is_read_and_one_byte_more_is_not()
    {
        var at = new string(' ', RuleBounds.FileBytes - 2) + "{}";

        Assert.Empty(Faults(at));
        Assert.Contains("are allowed", Assert.Single(Faults(at + " ")).Message, StringComparison.Ordinal);
    }

    /// <summary>Two bytes of a file would be eighty of memory.</summary>
    [Fact]
    public void A_million_values_are_read_and_one_more_ends_the_reading()
    {
        string File(int count) => "[" + string.Join(",\n", Enumerable.Repeat("0", count - 1)) + "]";

        Assert.Contains("an object {…} is needed", Assert.Single(Faults(File(RuleBounds.Values))).Message, StringComparison.Ordinal);
        var fault = Assert.Single(Faults(File(5 * RuleBounds.Values)));
        Assert.Equal(("has more than 1000000 values up to here", RuleBounds.Values), (fault.Message, fault.Line));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \n")]
    public void An_empty_file_is_told_in_our_own_words(string file) =>
        Assert.Equal("is empty: it has to be JSON, at least {}", Assert.Single(Faults(file)).Message);

    private static string Filled(string file, string? entry, int count, string? text = null)
    {
        var words = text ?? (entry is null ? count.ToString(CultureInfo.InvariantCulture)
            : Many(count, i => entry.Replace("#", i.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)));
        return file.Replace("@", words, StringComparison.Ordinal).Replace('\'', '"');
    }
}

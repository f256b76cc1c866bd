using AkkaMail.Core.Ids;
using AkkaMail.Server.Http;
using AkkaMail.Server.Refusals;
using AkkaMail.Server.SmtpIn;

namespace AkkaMail.Server.Tests.Reference;

public sealed class ErrorsPageTests
{
    private static string[] Rows =>
        [.. File.ReadLines(Path.Combine(ReferencePage.Root, "docs", "reference", "errors.md"))
            .Where(l => l.StartsWith("| `", StringComparison.Ordinal))];

    public static TheoryData<RefusalCode> Codes => [.. Enum.GetValues<RefusalCode>()];

    [Theory]
    [MemberData(nameof(Codes))]
    public void Every_code_is_on_the_page_with_what_each_door_says(RefusalCode code)
    {
        var refusal = new Refusal(code, "No");
        var (http, smtp) = (Problem.Of(refusal), SmtpAnswers.To(refusal));

        var said = $"| `{code.ToWord()}` | {http.Status} | {smtp.Code} {smtp.Text.Split(' ')[0]} |";

        Assert.Equal(code.ToWord(), http.Code);
        Assert.Single(Rows, row => row.StartsWith(said, StringComparison.Ordinal));
    }

    [Fact]
    public void The_page_names_no_code_that_there_is_not() =>
        Assert.Equal(Enum.GetValues<RefusalCode>().Select(c => c.ToWord()).Order(), Rows.Select(r => r.Split('`')[1]).Order());

    /// <summary>A client that is told to come back is told when, by HTTP in whole seconds and never "at once".</summary>
    [Theory]
    [InlineData(0.2, 1)]
    [InlineData(59.1, 60)]
    public void A_wait_is_told_in_seconds(double wait, int seconds) => Assert.Equal(seconds,
        Problem.Of(new Refusal(RefusalCode.OverQuota, "No") { RetryAfter = TimeSpan.FromSeconds(wait) }).RetryAfter);
}

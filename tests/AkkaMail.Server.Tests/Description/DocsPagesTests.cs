using System.Text.RegularExpressions;
using AkkaMail.Server.Description;

namespace AkkaMail.Server.Tests.Description;

/// <summary><c>/llms.txt</c>: which page to read, for who knows nothing yet.</summary>
public sealed partial class DocsPagesTests
{
    private static readonly IReadOnlyList<DocsPages.Page> Pages = DocsPages.Read();

    [Fact]
    public void The_index_goes_from_the_start_to_what_may_be_left_out() => Assert.Equal(
        ["Start", "Sending", "Sending from your language", "Operating", "Reference", "Optional"],
        Heading().Matches(DocsPages.Index(Pages)).Select(m => m.Groups[1].Value));

    /// <summary>A link of a page leads on from the page; in the index it would lead nowhere.</summary>
    [Fact]
    public void Every_link_of_the_index_is_to_a_page_that_is_served() => Assert.Equal(
        Pages.Select(p => $"/docs/{p.Path}").Concat(["/openapi/v1.json", "/docs"]).Order(),
        Link().Matches(DocsPages.Index(Pages)).Select(m => m.Groups[1].Value).Order());

    [Fact]
    public void Each_page_says_something_of_its_own()
    {
        Assert.All(Pages, p => Assert.Matches(@"^\p{L}|^`", p.Says));
        Assert.Equal(Pages.Count, Pages.DistinctBy(p => p.Says).Count());
        Assert.Equal("Send mail from C# by HTTP with `HttpClient` and nothing installed, or by SMTP with MailKit.",
            Pages.Single(p => p.Path == "sending/languages/csharp.md").Says);
    }

    [GeneratedRegex("^## (.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"\]\(([^)]+)\)")]
    private static partial Regex Link();
}

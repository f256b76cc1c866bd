using System.Reflection;
using System.Text.RegularExpressions;
using AkkaMail.Server.Options;

namespace AkkaMail.Server.Tests.Dashboard;

public sealed partial class DashboardFilesTests
{
    private static readonly Assembly Server = typeof(AkkaMailOptions).Assembly;

    private static readonly string[] Files =
        [.. Server.GetManifestResourceNames().Where(n => n.StartsWith("dashboard.", StringComparison.Ordinal))];

    /// <summary>Without what others wrote, which <see cref="VendoredFilesTests"/> looks at.</summary>
    private static IEnumerable<string> Own => Files.Where(f => !f.StartsWith("dashboard.vendor.", StringComparison.Ordinal));

    [Fact]
    public void Every_file_the_page_asks_for_is_in_the_assembly()
    {
        var asked = Own.Where(f => Path.GetExtension(f) is ".html" or ".js")
            .SelectMany(f => Reference().Matches(Read(f)).Select(m => m.Groups["file"].Value)).Distinct().ToList();

        Assert.Contains("app.js", asked);
        Assert.Contains("vendor/preact.module.js", asked);
        Assert.All(asked, file => Assert.Contains($"dashboard.{file.Replace('/', '.')}", Files));
    }

    [Fact]
    public void No_text_becomes_markup_but_in_the_mails_own_frame()
    {
        foreach (var file in Own.Where(f => f.EndsWith(".js", StringComparison.Ordinal)))
            Assert.DoesNotMatch(@"[iI]nnerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b", Read(file));

        Assert.Single(Files, f => Read(f).Contains("srcdoc", StringComparison.Ordinal));
        Assert.DoesNotMatch(@"<script(?![^>]*\bsrc=)|\son\w+=|https?://", Read("dashboard.index.html"));
    }

    private static string Read(string name)
    {
        using var reader = new StreamReader(Server.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }

    /// <summary>An import, or a src or href that is a file of ours.</summary>
    [GeneratedRegex("""(?:from "\./|src="|href=")(?<file>[\w./]+)["]""")]
    private static partial Regex Reference();
}

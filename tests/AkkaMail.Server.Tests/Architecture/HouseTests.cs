using System.Text.RegularExpressions;
using System.Xml.Linq;
using AkkaMail.Server.Tests.Reference;

namespace AkkaMail.Server.Tests.Architecture;

/// <summary>
/// What holds for the house as a whole (docs/internals/ARCHITECTURE.md). An exception is a file, and stands here.
/// </summary>
public sealed partial class HouseTests
{
    private static readonly Dictionary<string, string[]> References = new()
    {
        ["AkkaMail.Core"] = [],
        ["AkkaMail.Engine"] = ["AkkaMail.Core"],
        ["AkkaMail.Smtp"] = ["AkkaMail.Core"],
        ["AkkaMail.Storage"] = ["AkkaMail.Core"],
        ["AkkaMail.Server"] = ["AkkaMail.Core", "AkkaMail.Engine", "AkkaMail.Smtp", "AkkaMail.Storage"],
        ["AkkaMail.Cli"] = [],
    };

    [Fact]
    public void Projects_refer_to_each_other_as_the_house_is_drawn()
    {
        var found = References.Keys.ToDictionary(project => project, project => ProjectOf(project)
            .Descendants("ProjectReference").Select(r => Path.GetFileNameWithoutExtension(r.Attribute("Include")!.Value))
            .Order().ToArray());

        Assert.Equal(References, found);
        Assert.Empty(ProjectOf("AkkaMail.Core").Descendants("PackageReference"));
    }

    /// <summary>
    /// Folders side by side, from a project's own down to the nouns of the API. A folder and its own inside may know
    /// each other.
    /// </summary>
    [Fact]
    public void No_two_rooms_side_by_side_lead_in_a_circle()
    {
        var edges = Sources.Src.SelectMany(file => file.Usings
            .Select(to => (From: file.Folder["src/".Length..], To: to.Replace("AkkaMail.", "AkkaMail/", StringComparison.Ordinal)
                .Replace('.', '/').Replace("AkkaMail/", "AkkaMail.", StringComparison.Ordinal), file.Path)))
            .Select(e => Siblings(e.From, e.To)).OfType<(string Parent, string From, string To)>().Distinct().ToList();

        Assert.True(edges.Count > 100, $"only {edges.Count}");
        foreach (var level in edges.GroupBy(e => e.Parent))
        {
            var next = level.ToLookup(e => e.From, e => e.To);
            foreach (var room in level.Select(e => e.From).Distinct())
                Assert.False(Reaches(room, room, next, []), $"{level.Key}/{room} leads back to itself");
        }
    }

    private static (string, string, string)? Siblings(string from, string to)
    {
        var (a, b) = (from.Split('/'), to.Split('/'));
        var same = a.Zip(b).TakeWhile(x => x.Item1 == x.Item2).Count();
        return same == 0 || same == a.Length || same == b.Length ? null
            : (string.Join('/', a[..same]), a[same], b[same]);
    }

    private static bool Reaches(string from, string goal, ILookup<string, string> next, HashSet<string> seen) =>
        next[from].Any(n => n == goal || seen.Add(n) && Reaches(n, goal, next, seen));

    [Fact]
    public void A_namespace_is_its_folder() => Assert.Empty(Sources.Src.Concat(Sources.Tests)
        .Where(f => f.Namespace is not null && f.Namespace != string.Join('.', f.Folder.Split('/')[1..]))
        .Select(f => $"{f.Path} is {f.Namespace}"));

    /// <summary>Helpers of a test project, and tests of more than one room.</summary>
    private static readonly string[] OfTestsAlone =
        ["World", "Architecture", "Reference", "Peers", "Corpus"];

    [Fact]
    public void Tests_stand_in_folders_of_the_names_of_what_they_test() => Assert.Empty(Sources.Tests
        .Where(f => Tested().Match(f.Folder) is { Success: true } m && References.ContainsKey($"AkkaMail.{m.Groups[1].Value}")
            && !OfTestsAlone.Contains(m.Groups[2].Value.Split('/')[0])
            && !Directory.Exists(Path.Combine(ReferencePage.Root, "src", $"AkkaMail.{m.Groups[1].Value}", m.Groups[2].Value)))
        .Select(f => f.Path));

    /// <summary>An endpoint's parameter is bound by a method of its own type.</summary>
    private static readonly string[] SpeakHttp = ["Server/Access/Caller.cs"];

    [Fact]
    public void Only_doors_speak_HTTP() => Assert.Empty(Sources.Src.Where(f => f.Path.StartsWith("src/AkkaMail.Server/", StringComparison.Ordinal)
            && !InAny(f, "Http", "Api", "Compat", "Public", "Dashboard", "Composition")
            && Regex.IsMatch(f.Code, @"\b(IResult|HttpContext)\b|\bProblem\.\w+\("))
        .Select(f => f.Path["src/AkkaMail.".Length..]).Except(SpeakHttp));

    /// <summary>What the SMTP server brings to other rooms it brings in its own words.</summary>
    private static readonly string[] SpeakSmtp = ["Server/Inbound/InboundReceiver.cs", "Server/Demo/Catcher.cs"];

    [Fact]
    public void Only_the_SMTP_door_answers_in_SMTP() => Assert.Empty(Sources.Src
        .Where(f => Regex.IsMatch(f.Code, @"\bReceiverReply\b")).Select(f => f.Path["src/AkkaMail.".Length..])
        .Where(p => !p.StartsWith("Smtp/Receiving/", StringComparison.Ordinal) && !p.StartsWith("Server/SmtpIn/", StringComparison.Ordinal))
        .Except(SpeakSmtp));

    /// <summary>
    /// A noun's way to its actor: what is asked, how long that may take, and what comes back. No reference comes out.
    /// </summary>
    private static readonly string[] Gateways =
    [
        "Server/Accounts/AccountAsk.cs", "Server/Accounts/QuotaAsk.cs", "Server/Api/Lanes/LaneParts.cs",
        "Server/Inbound/LaneFeedback.cs", "Server/Messages/LedgerAsk.cs", "Server/Reputation/AlertsAsk.cs",
        "Server/Upkeep/ServerHealth.cs",
    ];

    [Fact]
    public void Only_gateways_know_actors() => Assert.Equal(Gateways, Sources.Src
        .Where(f => f.Path.StartsWith("src/AkkaMail.Server/", StringComparison.Ordinal) && !InAny(f, "Composition")
            && Regex.IsMatch(f.Code, @"\b(IRequiredActor|IActorRef|ActorRef|I?ActorRegistry)\b"))
        .Select(f => f.Path["src/AkkaMail.".Length..]).Order(StringComparer.Ordinal));

    [Fact]
    public void Mails_are_taken_apart_in_Smtp() => Assert.DoesNotContain(Sources.Src,
        f => f.Code.Contains("using MimeKit", StringComparison.Ordinal)
            && !f.Path.StartsWith("src/AkkaMail.Smtp/", StringComparison.Ordinal));

    [Fact]
    public void What_a_receiver_said_is_read_in_one_room() => Assert.Empty(Sources.Src
        .Where(f => !f.Path.StartsWith("src/AkkaMail.Core/Replies/", StringComparison.Ordinal)
            && (Regex.IsMatch(f.Code, @"\b[Rr]eply\??\.(Text|Line)\??\.(Contains|StartsWith|EndsWith|IndexOf)\(")
                || Regex.IsMatch(f.Code, @"(IsMatch|Match)\(\w*[Rr]eply\.(Text|Line)")))
        .Select(f => f.Path));

    /// <summary>A verb of the command line is called as the endpoint that it asks; a file is a file.</summary>
    private static readonly string[] SaidTwice = ["OrderLane", "Attachment"];

    [Fact]
    public void A_type_has_a_name_of_its_own() => Assert.Equal(SaidTwice.Order(), Sources.Src
        .SelectMany(f => TopType().Matches(f.Code).Select(m => (Name: m.Groups[1].Value, f.Namespace)).Distinct())
        .Distinct().GroupBy(t => t.Name).Where(g => g.Count() > 1).Select(g => g.Key).Order());

    /// <summary>Each change that ARCHITECTURE.md sends somewhere finds the file there.</summary>
    [Fact]
    public void The_map_of_changes_names_files_that_exist()
    {
        var page = File.ReadAllText(Path.Combine(ReferencePage.Root, "docs", "internals", "ARCHITECTURE.md"));
        var table = page[page.IndexOf("## Where a change goes", StringComparison.Ordinal)..];
        table = table[..table.IndexOf("\n## ", 3, StringComparison.Ordinal)];
        var named = Named().Matches(table).Select(m => m.Groups[1].Value).Where(p => p.Contains('/')).ToList();

        Assert.True(named.Count >= 20, $"only {named.Count}");
        Assert.All(named, path => Assert.True(
            Path.Exists(Path.Combine(ReferencePage.Root, "src", $"AkkaMail.{path}")), $"src/AkkaMail.{path} is not there"));
    }

    private static bool InAny(SourceFile file, params string[] rooms) =>
        rooms.Any(room => file.Path.StartsWith($"src/AkkaMail.Server/{room}/", StringComparison.Ordinal));

    private static XDocument ProjectOf(string name) =>
        XDocument.Load(Path.Combine(ReferencePage.Root, "src", name, $"{name}.csproj"));

    [GeneratedRegex(@"^tests/AkkaMail\.(\w+)\.Tests/(.+)$")]
    private static partial Regex Tested();

    [GeneratedRegex(@"^(?:public |internal )?(?:static |sealed |abstract |readonly |partial )*(?:class|record struct|record|struct|interface|enum) (\w+)",
        RegexOptions.Multiline)]
    private static partial Regex TopType();

    [GeneratedRegex(@"`((?:Core|Engine|Smtp|Storage|Server|Cli)/[\w./-]+)`")]
    private static partial Regex Named();
}

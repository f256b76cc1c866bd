using System.Xml.Linq;
using Akka.Hosting;
using AkkaMail.Server.Data;
using AkkaMail.Server.Tests.Reference;
using Extensions = AkkaMail.Server.Composition.Extensions;

namespace AkkaMail.Server.Tests.Composition;

/// <summary>What is said of an assembly that cannot be an extension; the end-to-end tests load one that can.</summary>
public sealed class ExtensionsTests
{
    [Fact]
    public void None_is_the_default()
    {
        Assert.NotNull(new Extensions(null));
        Assert.NotNull(new Extensions(" , "));
    }

    [Fact]
    public void A_file_that_cannot_be_one_is_named_with_what_is_wrong()
    {
        var text = Path.GetTempFileName();
        File.WriteAllText(text, "no assembly");
        var (none, several) = (typeof(Assert).Assembly.Location, typeof(First).Assembly.Location);

        Assert.Equal($"AkkaMail:Extensions ({text}x) is not there.", Said($"{text}x"));
        Assert.Equal($"AkkaMail:Extensions ({Path.GetTempPath()}) is a directory and no file.", Said(Path.GetTempPath()));
        Assert.Equal($"AkkaMail:Extensions ({text}) is no .NET assembly for this machine.", Said(text));
        Assert.StartsWith($"AkkaMail:Extensions ({none}) has no public type with a public static Add(", Said(none), StringComparison.Ordinal);
        Assert.Equal($"AkkaMail:Extensions ({several}) has 2 types with a public static Add: {typeof(First)}, {typeof(Second)}.",
            Said(several));
        Assert.Equal("AkkaMail:Extensions has 9 files; 8 are allowed.", Said(string.Join(',', Enumerable.Repeat(text, 9))));
        File.Delete(text);
    }

    /// <summary>What users may restore and this repository need not: outside the solution, and small.</summary>
    [Fact]
    public void The_extension_for_Petabridge_Cmd_is_no_part_of_the_solution_and_has_sixty_lines_at_most()
    {
        var folder = Path.Combine(ReferencePage.Root, "deploy/petabridge");
        var project = XDocument.Load(Path.Combine(folder, "AkkaMail.Petabridge.csproj"));

        Assert.DoesNotContain("Petabridge", File.ReadAllText(Path.Combine(ReferencePage.Root, "AkkaMail.sln")), StringComparison.Ordinal);
        Assert.Empty(project.Descendants("ProjectReference"));
        Assert.InRange(Directory.EnumerateFiles(folder).Where(f => Path.GetExtension(f) is ".cs" or ".csproj")
            .Sum(f => File.ReadLines(f).Count()), 1, 60);
    }

    private static string Said(string files) => Assert.Throws<StartException>(() => new Extensions(files)).Message;

    public static class First
    {
        public static void Add(AkkaConfigurationBuilder akka, IServiceProvider services) { }
    }

    public sealed class Second
    {
        public static AkkaConfigurationBuilder Add(AkkaConfigurationBuilder akka, IServiceProvider services) => akka;
    }
}

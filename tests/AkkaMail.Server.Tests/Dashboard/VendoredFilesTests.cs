using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using AkkaMail.Server.Options;

namespace AkkaMail.Server.Tests.Dashboard;

/// <summary>
/// What the dashboard has of others (wwwroot/vendor, by tools/dashboard-vendor.sh) is what their packages have: vendor.json
/// says which, and nobody has written in it since.
/// </summary>
public sealed partial class VendoredFilesTests
{
    private const string Folder = "dashboard.vendor.";

    private static readonly Assembly Server = typeof(AkkaMailOptions).Assembly;

    private static readonly JsonArray Told = JsonNode.Parse(Read("vendor.json"))!.AsArray();

    public static TheoryData<string> Named => [.. Told.Select(entry => (string)entry!["file"]!)];

    [Fact]
    public void Every_file_has_its_entry_and_every_package_its_licence()
    {
        var there = Server.GetManifestResourceNames().Where(n => n.StartsWith(Folder, StringComparison.Ordinal))
            .Select(n => n[Folder.Length..]).Where(n => n != "vendor.json");

        Assert.Equal(there.Order(StringComparer.Ordinal), Told.Select(e => (string)e!["file"]!).Order(StringComparer.Ordinal));
        Assert.All(Told.Select(e => (string)e!["package"]!).Distinct(), package => Assert.Contains($"{package}.LICENSE.txt", there));
    }

    [Theory, MemberData(nameof(Named))]
    public void A_file_is_what_its_package_has(string file)
    {
        var entry = Told.Single(e => (string)e!["file"]! == file)!;
        var bytes = Bytes(file);

        Assert.Equal((string?)entry["sha256"], Hash(bytes));
        if (entry["original_sha256"] is not { } original) return;
        // What was changed, changed back.
        var before = Encoding.UTF8.GetString(bytes).Replace("from\"./preact.module.js\"", "from\"preact\"", StringComparison.Ordinal);
        Assert.Equal((string?)original, Hash(Encoding.UTF8.GetBytes(before)));
    }

    [Fact]
    public void None_makes_code_of_text_or_imports_what_is_not_beside_it()
    {
        foreach (var file in Told.Select(e => (string)e!["file"]!).Where(f => f.EndsWith(".js", StringComparison.Ordinal)))
        {
            var text = Read(file);
            Assert.DoesNotMatch(@"\beval\(|new Function|\bimport\(", text);
            foreach (var from in Import().Matches(text).Select(m => m.Groups[1].Value))
                Assert.NotNull(Server.GetManifestResourceInfo(Folder + from));
        }
    }

    private static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private static string Read(string file) => Encoding.UTF8.GetString(Bytes(file));

    private static byte[] Bytes(string file)
    {
        using var stream = Server.GetManifestResourceStream(Folder + file)!;
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.ToArray();
    }

    [GeneratedRegex("""from\s?"(?:\./)?([^"]+)";""")]
    private static partial Regex Import();
}

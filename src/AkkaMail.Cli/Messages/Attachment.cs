using System.Collections.Frozen;
using System.Text.Json.Nodes;
using AkkaMail.Cli.Frame;

namespace AkkaMail.Cli.Messages;

/// <summary>A file as the API takes it.</summary>
internal static class Attachment
{
    /// <summary>What people attach. Any other is <c>application/octet-stream</c>: every reader can save it.</summary>
    private static readonly FrozenDictionary<string, string> Types = new Dictionary<string, string>
    {
        [".csv"] = "text/csv",
        [".gif"] = "image/gif",
        [".html"] = "text/html",
        [".ics"] = "text/calendar",
        [".jpeg"] = "image/jpeg",
        [".jpg"] = "image/jpeg",
        [".json"] = "application/json",
        [".pdf"] = "application/pdf",
        [".png"] = "image/png",
        [".txt"] = "text/plain",
        [".xml"] = "application/xml",
        [".zip"] = "application/zip",
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    public static JsonNode Read(string path)
    {
        byte[] bytes;
        try { bytes = File.ReadAllBytes(path); }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException(e.Message);
        }
        return new JsonObject
        {
            ["filename"] = Path.GetFileName(path),
            ["content_type"] = Types.GetValueOrDefault(Path.GetExtension(path), "application/octet-stream"),
            ["content"] = Convert.ToBase64String(bytes),
        };
    }
}

using System.ComponentModel.DataAnnotations;
using AkkaMail.Server.Data;

namespace AkkaMail.Server.Options;

public sealed class ShapingOptions
{
    public const string Section = "AkkaMail:Shaping";

    /// <summary>
    /// The file with providers, sources, pools and rules; named, it has to be there. It is read again when it
    /// changes. Default <c>shaping.json</c> in the data directory.
    /// </summary>
    [MaxLength(4_096)]
    public string? File { get; set; }

    public string PathIn(string dataDirectory) =>
        Path.GetFullPath(string.IsNullOrWhiteSpace(File) ? Path.Combine(dataDirectory, DataFiles.Shaping.Name) : File);
}

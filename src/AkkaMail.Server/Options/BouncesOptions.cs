using System.ComponentModel.DataAnnotations;
using AkkaMail.Server.Data;

namespace AkkaMail.Server.Options;

public sealed class BouncesOptions
{
    public const string Section = "AkkaMail:Bounces";

    /// <summary>
    /// The file with bounce rules of your own; named, it has to be there. It is read again when it changes.
    /// Default <c>bounces.json</c> in the data directory.
    /// </summary>
    [MaxLength(4_096)]
    public string? Rules { get; set; }

    public string PathIn(string dataDirectory) =>
        Path.GetFullPath(string.IsNullOrWhiteSpace(Rules) ? Path.Combine(dataDirectory, DataFiles.Bounces.Name) : Rules);
}

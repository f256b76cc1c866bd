using System.Diagnostics;
using AkkaMail.Rig;

namespace AkkaMail.EndToEnd.Tests.World;

/// <summary>
/// Files nobody may write, not even root or who has them open (chattr +i): what a disk does that has gone read-only.
/// </summary>
internal sealed class Immutable : IDisposable
{
    private readonly string[] _files;

    private Immutable(string[] files) => _files = files;

    /// <summary>Null where this process or file system cannot; then nothing has changed.</summary>
    public static Immutable? TryMake(params string[] files)
    {
        if (Run(["+i", .. files]) == 0) return new(files);
        Run(["-i", .. files]);
        return null;
    }

    public void Dispose() => Run(["-i", .. _files]);

    private static int Run(string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("chattr", arguments) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode;
    }
}

/// <summary>A test that makes files immutable; where that cannot be done it says so.</summary>
internal sealed class ImmutableFactAttribute : FactAttribute
{
    private static readonly Lazy<bool> CanMake = new(() =>
    {
        var directory = ThisBuild.NewDirectory("immutable");
        var file = Path.Combine(directory, "file");
        File.WriteAllText(file, "");
        try
        {
            using var immutable = Immutable.TryMake(file);
            return immutable is not null;
        }
        finally { Directory.Delete(directory, recursive: true); }
    });

    /// <param name="unlike">Why it is not told of a database.</param>
    public ImmutableFactAttribute(string? unlike = null) => Skip = Stored.SkipUnlessFiles(unlike)
        ?? (CanMake.Value ? null : "chattr +i is needed: root, on a file system that knows it");
}

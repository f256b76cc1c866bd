using System.Diagnostics;
using System.Globalization;
using AkkaMail.Rig;

namespace AkkaMail.EndToEnd.Tests.World;

/// <summary>A small file system in memory, to be filled to its last byte.</summary>
internal sealed class Mount : IDisposable
{
    private const int Block = 4096;

    private Mount(string directory) => Directory = directory;

    public string Directory { get; }

    private string Ballast => Path.Combine(Directory, "ballast");

    /// <summary>Null where this process may not mount.</summary>
    public static Mount? TryMake(int megabytes)
    {
        var directory = ThisBuild.NewDirectory("tmpfs");
        var size = $"size={megabytes.ToString(CultureInfo.InvariantCulture)}m";
        if (Run("mount", "-t", "tmpfs", "-o", size, "tmpfs", directory) == 0) return new(directory);
        System.IO.Directory.Delete(directory);
        return null;
    }

    public void Fill()
    {
        using var file = new FileStream(Ballast, FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0);
        var block = new byte[Block];
        try
        {
            while (true) file.Write(block);
        }
        catch (IOException) { }   // No space left on device.
    }

    public void Relieve() => File.Delete(Ballast);

    public void Dispose()
    {
        Run("umount", "-l", Directory);
        System.IO.Directory.Delete(Directory);
    }

    private static int Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode;
    }
}

/// <summary>A test that needs a file system of its own; without the right to mount it says so.</summary>
internal sealed class MountFactAttribute : FactAttribute
{
    private static readonly Lazy<bool> CanMount = new(() =>
    {
        using var mount = Mount.TryMake(1);
        return mount is not null;
    });

    /// <param name="unlike">Why it is not told of a database.</param>
    public MountFactAttribute(string? unlike = null) => Skip = Stored.SkipUnlessFiles(unlike)
        ?? (CanMount.Value ? null : "a small tmpfs is needed, and only root may mount one");
}

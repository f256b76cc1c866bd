namespace AkkaMail.Rig;

/// <summary>Where this checkout and its build lie.</summary>
public static class ThisBuild
{
#if DEBUG
    public const string Configuration = "debug";
#else
    public const string Configuration = "release";
#endif

    public static string Root { get; } = FindRoot();

    public static string ServerDll(string configuration) =>
        Path.Combine(Root, "artifacts", "bin", "AkkaMail.Server", configuration, "AkkaMail.Server.dll");

    /// <summary>The command line of this build.</summary>
    public static string CliDll { get; } = Path.Combine(Root, "artifacts", "bin", "AkkaMail.Cli", Configuration, "AkkaMail.Cli.dll");

    /// <summary>A new directory under the system's temporary one.</summary>
    public static string NewDirectory(string name) =>
        Directory.CreateTempSubdirectory($"akkamail-{name}-").FullName;

    private static string FindRoot()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "AkkaMail.sln")))
            directory = directory.Parent;
        return directory?.FullName
            ?? throw new DirectoryNotFoundException("no AkkaMail.sln above the test's directory");
    }
}

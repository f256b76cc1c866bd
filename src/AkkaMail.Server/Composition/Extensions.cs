using System.Reflection;
using System.Runtime.Loader;
using Akka.Hosting;
using AkkaMail.Server.Data;
using AkkaMail.Server.Options;

namespace AkkaMail.Server.Composition;

/// <summary>
/// What somebody else adds to the actor system: of each assembly that is named, the one public type with a public static
/// method <c>Add(AkkaConfigurationBuilder, IServiceProvider)</c>. By its signature and not by an interface of ours, so that
/// who writes one needs Akka.Hosting alone.
/// </summary>
internal sealed class Extensions
{
    public const string Setting = $"{AkkaMailOptions.Section}:{nameof(AkkaMailOptions.Extensions)}";
    private const int FilesMax = 8;
    private const string Method = "Add";
    private static readonly Type[] Takes = [typeof(AkkaConfigurationBuilder), typeof(IServiceProvider)];

    private readonly List<(string File, MethodInfo Add)> _all = [];

    /// <exception cref="StartException">A file is not there, is no assembly, or has no entry or several.</exception>
    public Extensions(string? files)
    {
        var named = (files ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (named.Length > FilesMax)
            throw new StartException($"{Setting} has {named.Length} files; {FilesMax} are allowed.");
        foreach (var file in named) _all.Add((file, EntryOf(file)));
    }

    /// <summary>In the order of the setting, before the engine's own: what they add stops after it.</summary>
    /// <exception cref="StartException">One of them has thrown.</exception>
    public void AddTo(AkkaConfigurationBuilder akka, IServiceProvider services)
    {
        foreach (var (file, add) in _all)
        {
            try { add.Invoke(null, BindingFlags.DoNotWrapExceptions, null, [akka, services], null); }
            catch (Exception e)
            {
                var what = e.Message.TrimEnd('.');
                throw Wrong(file, $"has failed in {add.DeclaringType}.{Method}: {e.GetType().Name}: {what}");
            }
        }
    }

    private static MethodInfo EntryOf(string file)
    {
        if (!File.Exists(file)) throw Wrong(file, Directory.Exists(file) ? "is a directory and no file" : "is not there");
        MethodInfo[] entries;
        try { entries = [.. Load(Path.GetFullPath(file)).GetExportedTypes().Select(In).OfType<MethodInfo>()]; }
        catch (BadImageFormatException) { throw Wrong(file, "is no .NET assembly for this machine"); }
        catch (Exception e) when (e is IOException or TypeLoadException or ReflectionTypeLoadException)
        {
            // Mostly a package that is not beside it, or a later Akka than the server's.
            throw Wrong(file, $"cannot be loaded: {e.Message.TrimEnd('.')}");
        }
        return entries switch
        {
            [var one] => one,
            [] => throw Wrong(file, $"has no public type with a public static {Method}({nameof(AkkaConfigurationBuilder)}, "
                + $"{nameof(IServiceProvider)})"),
            _ => throw Wrong(file, $"has {entries.Length} types with a public static {Method}: "
                + $"{string.Join(", ", entries.Select(e => e.DeclaringType))}"),
        };
    }

    private static MethodInfo? In(Type type) => type.GetMethod(Method, BindingFlags.Public | BindingFlags.Static, Takes);

    /// <summary>Akka is the server's own; what only the extension needs lies beside it.</summary>
    private static Assembly Load(string path)
    {
        var beside = new AssemblyDependencyResolver(path);
        AssemblyLoadContext.Default.Resolving += (context, name) =>
            beside.ResolveAssemblyToPath(name) is { } found ? context.LoadFromAssemblyPath(found) : null;
        return AssemblyLoadContext.Default.LoadFromAssemblyPath(path);
    }

    private static StartException Wrong(string file, string what) => new($"{Setting} ({file}) {what}.");
}

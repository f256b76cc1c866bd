namespace AkkaMail.Cli.Frame;

/// <summary>A file the command line names; <c>-</c> is standard input.</summary>
internal static class InputFile
{
    /// <summary>A mail can have any charset, or several.</summary>
    public static Task<byte[]> Bytes(string file, Call call) => Try(file, async () =>
    {
        if (file != "-") return await File.ReadAllBytesAsync(file, call.Cancel);
        using var copy = new MemoryStream();
        await using var input = call.Terminal.RawIn();
        await input.CopyToAsync(copy, call.Cancel);
        return copy.ToArray();
    });

    public static Task<string> Text(string file, Call call) => Try(file, () => file == "-"
        ? call.Terminal.In.ReadToEndAsync(call.Cancel) : File.ReadAllTextAsync(file, call.Cancel));

    /// <summary>For what may be long.</summary>
    public static Stream Open(string file, Call call)
    {
        try { return file == "-" ? call.Terminal.RawIn() : File.OpenRead(file); }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) { throw CannotRead(file, e); }
    }

    private static async Task<T> Try<T>(string file, Func<Task<T>> read)
    {
        try { return await read(); }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) { throw CannotRead(file, e); }
    }

    private static UsageException CannotRead(string file, Exception e) => new($"'{file}' cannot be read: {e.Message}");
}

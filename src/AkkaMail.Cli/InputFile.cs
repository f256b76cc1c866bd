namespace AkkaMail.Cli;

/// <summary>A file the command line names, as bytes: a mail can have any charset, or several.</summary>
internal static class InputFile
{
    /// <param name="file"><c>-</c> is standard input.</param>
    public static async Task<byte[]> Read(string file, Terminal terminal, CancellationToken cancel)
    {
        try
        {
            if (file != "-") return await File.ReadAllBytesAsync(file, cancel);
            using var copy = new MemoryStream();
            await using var input = terminal.RawIn();
            await input.CopyToAsync(copy, cancel);
            return copy.ToArray();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"'{file}' cannot be read: {e.Message}");
        }
    }
}

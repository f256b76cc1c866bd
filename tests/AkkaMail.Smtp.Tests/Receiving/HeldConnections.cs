using System.Diagnostics;

namespace AkkaMail.Smtp.Tests.Receiving;

/// <summary>Thousands of connections whose other end is another process.</summary>
internal sealed class HeldConnections(Process holder) : IDisposable
{
    public static HeldConnections Start(int port, int count, int perClient, int net)
    {
        var script = Path.Combine(AppContext.BaseDirectory, "Receiving", "hold_connections.py");
        string[] arguments = [script, $"{port}", $"{count}", $"{perClient}", $"{net}"];
        return new(Process.Start(new ProcessStartInfo("python3", arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!);
    }

    /// <summary>When each has its banner: the banners' codes with their numbers, as <c>220:5 421:1</c>.</summary>
    public Task<string?> BannersAsync() => holder.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(60));

    public async Task CloseAsync()
    {
        holder.StandardInput.Close();
        await holder.WaitForExitAsync();
        Assert.Equal(0, holder.ExitCode);
    }

    public void Dispose()
    {
        if (!holder.HasExited) holder.Kill();
        holder.Dispose();
    }
}

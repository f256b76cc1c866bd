using System.Diagnostics;

namespace AkkaMail.Smtp.Tests.Peers;

/// <summary>
/// Needs a file system view of its own, so that a foreign program reads our <c>/etc/resolv.conf</c> or
/// <c>/etc/passwd</c>; without root there is none.
/// </summary>
internal sealed class MountFactAttribute : FactAttribute
{
    private static readonly Lazy<bool> CanMount = new(() =>
    {
        using var unshare =
            Process.Start(new ProcessStartInfo("unshare", ["-m", "true"]) { RedirectStandardError = true })!;
        unshare.WaitForExit();
        return unshare.ExitCode == 0;
    });

    public MountFactAttribute()
    {
        if (!CanMount.Value) Skip = "this process may not mount";
    }
}

using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace AkkaMail.Smtp.Tests.Peers;

/// <summary>
/// A real mail server on loopback that takes any mail and hands it on to one port. Its configuration, queue and logs
/// are in a directory of its own; the machine's mail service is neither read nor touched.
/// </summary>
internal sealed class MailHop : IAsyncDisposable
{
    private readonly string _directory;
    private readonly Process _process;

    private MailHop(string directory, int port, Process process) =>
        (_directory, Port, _process) = (directory, port, process);

    public int Port { get; }

    public static async Task<MailHop> PostfixAsync(int next)
    {
        var (directory, port) = (NewDirectory(), FreePort());
        var config = Directory.CreateDirectory(Path.Combine(directory, "etc")).FullName;
        foreach (var name in (string[])["queue", "data"]) Directory.CreateDirectory(Path.Combine(directory, name));
        await File.WriteAllTextAsync(Path.Combine(config, "main.cf"), $"""
            compatibility_level = 3.6
            queue_directory = {directory}/queue
            data_directory = {directory}/data
            maillog_file = {directory}/log
            maillog_file_prefixes = {directory}
            inet_interfaces = 127.0.0.1
            inet_protocols = ipv4
            myhostname = postfix.test
            mydestination =
            mynetworks = 127.0.0.0/8
            relayhost = [127.0.0.1]:{next}
            smtpd_relay_restrictions = permit_mynetworks, reject
            smtp_dns_support_level = disabled
            smtp_host_lookup = native
            smtp_tls_security_level = none
            alias_maps =
            """);
        string[] services = ["cleanup unix n - n - 0 cleanup", "qmgr unix n - n 300 1 qmgr",
            "rewrite unix - - n - - trivial-rewrite", "bounce unix - - n - 0 bounce", "defer unix - - n - 0 bounce",
            "trace unix - - n - 0 bounce", "verify unix - - n - 1 verify", "flush unix n - n 1000? 0 flush",
            "proxymap unix - - n - - proxymap", "smtp unix - - n - - smtp", "relay unix - - n - - smtp",
            "error unix - - n - - error", "retry unix - - n - - error", "anvil unix - - n - 1 anvil",
            "scache unix - - n - 1 scache", "postlog unix-dgram n - n - 1 postlogd"];
        await File.WriteAllLinesAsync(
            Path.Combine(config, "master.cf"), [$"127.0.0.1:{port} inet n - n - - smtpd", .. services]);
        using var owner = Process.Start("chown", ["postfix", $"{directory}/data"]);
        await owner.WaitForExitAsync();
        // Makes the queue's directories; nothing is started.
        using var check = Start("postfix", "-c", config, "check");
        await check.WaitForExitAsync();
        return await new MailHop(
            directory, port, Start("/usr/lib/postfix/sbin/master", "-c", config, "-d")).Listening();
    }

    /// <summary>
    /// Debian's Exim runs as a user that only its package makes, and the package would throw Postfix out: so it is
    /// unpacked, and gets an /etc/passwd of its own, which nobody else sees.
    /// </summary>
    public static async Task<MailHop> EximAsync(int next)
    {
        var exim = Path.GetFullPath(Path.Combine(Source(), "../../../artifacts/peers/exim/usr/sbin/exim4"));
        var (directory, port) = (NewDirectory(), FreePort());
        foreach (var name in (string[])["spool", "log"]) Directory.CreateDirectory(Path.Combine(directory, name));
        await File.WriteAllTextAsync(Path.Combine(directory, "conf"), $"""
            exim_path = {exim}
            spool_directory = {directory}/spool
            log_file_path = {directory}/log/%slog
            local_interfaces = 127.0.0.1
            primary_hostname = exim.test
            keep_environment =
            acl_smtp_rcpt = accept
            smtputf8_advertise_hosts = *
            smtp_accept_queue_per_connection = 1000
            tls_advertise_hosts =
            begin routers
            all:
              driver = manualroute
              domains = *
              route_list = * 127.0.0.1
              transport = out
              self = send
            begin transports
            out:
              driver = smtp
              port = {next}
              hosts_avoid_tls = *
            """);
        await File.WriteAllTextAsync(Path.Combine(directory, "start"), $"""
            cd {directory}
            (grep -v Debian-exim /etc/passwd; echo Debian-exim:x:65530:65530::/:/usr/sbin/nologin) > passwd
            (grep -v Debian-exim /etc/group; echo Debian-exim:x:65530:) > group
            chown -R 65530:65530 spool log && chmod 755 .
            mount --bind passwd /etc/passwd && mount --bind group /etc/group
            exec {exim} -C {directory}/conf -bdf -oX {port} -oP {directory}/spool/pid
            """);
        return await new MailHop(directory, port, Start("unshare", "-m", "sh", $"{directory}/start")).Listening();
    }

    private async Task<MailHop> Listening()
    {
        for (var tries = 0; ; tries++)
        {
            using var client = new TcpClient();
            try { await client.ConnectAsync(IPAddress.Loopback, Port); return this; }
            catch (SocketException) when (tries < 400 && !_process.HasExited) { await Task.Delay(25); }
        }
    }

    private static string NewDirectory()
    {
        var directory = Directory.CreateTempSubdirectory("akkamail-hop-").FullName;
        // Their users have to pass through it.
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(
                directory, File.GetUnixFileMode(directory) | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        return directory;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static Process Start(string program, params string[] arguments) =>
        Process.Start(new ProcessStartInfo(program, arguments)
        { RedirectStandardOutput = true, RedirectStandardError = true })!;

    private static string Source([System.Runtime.CompilerServices.CallerFilePath] string file = "") =>
        Path.GetDirectoryName(file)!;

    /// <summary>TERM, and not KILL: it takes its children with it.</summary>
    public async ValueTask DisposeAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", $"{_process.Id}"]);
        await kill.WaitForExitAsync();
        await _process.WaitForExitAsync();
        _process.Dispose();
        for (var tries = 0; ; tries++)
        {
            try { Directory.Delete(_directory, recursive: true); return; }
            catch (IOException) when (tries < 100) { await Task.Delay(50); }   // A child still writes.
        }
    }
}

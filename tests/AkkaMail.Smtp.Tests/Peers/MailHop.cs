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

    /// <summary>What it has written about its mail so far.</summary>
    public string Log => Path.Combine(_directory, "log") is var log && File.Exists(log) ? File.ReadAllText(log)
        : Path.Combine(log, "mainlog") is var main && File.Exists(main) ? File.ReadAllText(main) : "";

    /// <param name="next">Of loopback.</param>
    /// <param name="key">It logs in there with it, and speaks TLS as Debian's Postfix does; null does neither.</param>
    public static async Task<MailHop> PostfixAsync(int next, string? key = null)
    {
        var door = key is null ? "smtp_tls_security_level = none" : $$"""
            smtp_tls_security_level = may
            smtp_sasl_auth_enable = yes
            smtp_sasl_security_options = noanonymous
            smtp_sasl_password_maps = inline:{[127.0.0.1]:{{next}}=apikey:{{key}}}
            """;
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
            alias_maps =
            {door}
            """);
        string[] services = ["cleanup unix n - n - 0 cleanup", "qmgr unix n - n 300 1 qmgr",
            "rewrite unix - - n - - trivial-rewrite", "bounce unix - - n - 0 bounce", "defer unix - - n - 0 bounce",
            "trace unix - - n - 0 bounce", "tlsmgr unix - - n 1000? 1 tlsmgr",
            "verify unix - - n - 1 verify", "flush unix n - n 1000? 0 flush",
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
    /// <inheritdoc cref="PostfixAsync"/>
    public static async Task<MailHop> EximAsync(int next, string? key = null)
    {
        // Debian's looks at its queue each 30 minutes, which is no time for a test.
        var (door, most, runs, login) = key is null
            ? ("hosts_avoid_tls = *", "smtp_accept_queue_per_connection = 1000", "", "")
            : ("hosts_require_auth = *", "", "-q2s", $"""
            begin authenticators
            plain:
              driver = plaintext
              public_name = PLAIN
              client_send = ^apikey^{key}
            """);
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
            {most}
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
              {door}
            begin retry
            * * F,2h,15m
            {login}
            """);
        await File.WriteAllTextAsync(Path.Combine(directory, "start"), $"""
            cd {directory}
            (grep -v Debian-exim /etc/passwd; echo Debian-exim:x:65530:65530::/:/usr/sbin/nologin) > passwd
            (grep -v Debian-exim /etc/group; echo Debian-exim:x:65530:) > group
            chown -R 65530:65530 spool log && chmod 755 .
            mount --bind passwd /etc/passwd && mount --bind group /etc/group
            exec {exim} -C {directory}/conf -bdf {runs} -oX {port} -oP {directory}/spool/pid
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

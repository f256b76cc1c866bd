using System.Net;
using System.Net.Sockets;
using System.Text;
using AkkaMail.Rig;

namespace AkkaMail.EndToEnd.Tests.World;

/// <summary>A mail server that brings us a mail; it says what it was answered at the end of it, or where it ended.</summary>
internal static class Bringer
{
    public static int FreePort() => ServerProcess.FreePort();

    /// <param name="recipient">One, or several with blanks between.</param>
    public static async Task<string> Bring(int port, string recipient, string mail, string mailFrom = "")
    {
        using var tcp = new TcpClient();
        await tcp.ConnectAsync(IPAddress.Loopback, port);
        using var reader = new StreamReader(tcp.GetStream());
        string answer = await Read(reader);
        var recipients = recipient.Split(' ').Select(r => $"RCPT TO:<{r}>");
        foreach (var command in (string[])["EHLO mx.far.test", $"MAIL FROM:<{mailFrom}>", .. recipients, "DATA"])
        {
            await Say(tcp, command + "\r\n");
            answer = await Read(reader);
            if (answer[0] is not ('2' or '3')) return answer;
        }
        await Say(tcp, mail.ReplaceLineEndings("\r\n").Replace("\r\n.", "\r\n..", StringComparison.Ordinal) + "\r\n.\r\n");
        return await Read(reader);
    }

    private static async Task Say(TcpClient tcp, string text) =>
        await tcp.GetStream().WriteAsync(Encoding.UTF8.GetBytes(text));

    /// <summary>The last line of a reply.</summary>
    private static async Task<string> Read(StreamReader reader)
    {
        while (true)
        {
            var line = await reader.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(20))
                ?? throw new IOException("the server hung up");
            if (line.Length < 4 || line[3] == ' ') return line;
        }
    }

    /// <summary>RFC 3464, as Postfix writes it.</summary>
    public static string Bounce(string recipient, string status, string reply, string action = "failed") => $"""
        Received: from mx.far.test; Fri, 27 Nov 2026 15:00:00 +0000
        From: MAILER-DAEMON@mx.far.test (Mail Delivery System)
        Subject: Undelivered Mail Returned to Sender
        MIME-Version: 1.0
        Content-Type: multipart/report; report-type=delivery-status; boundary="b"

        --b
        Content-Type: text/plain

        This is the mail system at host mx.far.test.

        --b
        Content-Type: message/delivery-status

        Reporting-MTA: dns; mx.far.test

        Final-Recipient: rfc822; {recipient}
        Action: {action}
        Status: {status}
        Diagnostic-Code: smtp; {reply}

        --b
        Content-Type: text/rfc822-headers

        Subject: Receipt

        --b--
        """;

    /// <summary>RFC 5965, with the headers of the mail it is about.</summary>
    public static string Complaint(string headers, string type = "abuse") => $"""
        From: <complaints@isp.test>
        Subject: FW: your mail
        MIME-Version: 1.0
        Content-Type: multipart/report; report-type=feedback-report; boundary="b"

        --b
        Content-Type: text/plain

        This is an email abuse report.

        --b
        Content-Type: message/feedback-report

        Feedback-Type: {type}
        User-Agent: SomeGenerator/1.0
        Version: 1

        --b
        Content-Type: message/rfc822

        {headers}

        Body
        --b--
        """;

    /// <summary>RFC 7489 §7.2.1.1: a report in the mail of a reporter.</summary>
    public static string DmarcReport(string reporter, string domain, DateTimeOffset day) => $"""
        From: <noreply@{reporter}>
        Subject: Report Domain: {domain} Submitter: {reporter} Report-ID: 4711
        MIME-Version: 1.0
        Content-Type: application/xml; name="{reporter}!{domain}!1!2.xml"
        Content-Disposition: attachment; filename="{reporter}!{domain}!1!2.xml"

        <?xml version="1.0"?>
        <feedback>
          <report_metadata>
            <org_name>{reporter}</org_name><report_id>4711</report_id>
            <date_range><begin>{day.ToUnixTimeSeconds()}</begin><end>{day.AddDays(1).ToUnixTimeSeconds() - 1}</end></date_range>
          </report_metadata>
          <policy_published><domain>{domain}</domain><p>none</p></policy_published>
          <record>
            <row><source_ip>192.0.2.7</source_ip><count>40</count>
              <policy_evaluated><disposition>none</disposition><dkim>pass</dkim><spf>fail</spf></policy_evaluated></row>
            <identifiers><header_from>{domain}</header_from></identifiers>
            <auth_results><dkim><domain>{domain}</domain><result>pass</result></dkim></auth_results>
          </record>
        </feedback>
        """;

    public const string AwayNotice = """
        From: Ann <ann@d1.test>
        Subject: Out of office: Receipt
        Auto-Submitted: auto-replied
        Content-Type: text/plain

        I am on holiday until Monday.
        """;
}

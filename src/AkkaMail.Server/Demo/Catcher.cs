using System.Net;
using AkkaMail.Smtp.Mime;
using AkkaMail.Smtp.Receiving;
using Microsoft.AspNetCore.Connections;

namespace AkkaMail.Server.Demo;

/// <summary>
/// A small SMTP server on loopback that takes every mail and keeps the latest in memory: where a demo's mail goes.
/// </summary>
internal sealed class Catcher : IAsyncDisposable
{
    /// <summary>The oldest go first.</summary>
    private const int MailsMax = 1_000;
    private const long BytesMax = 100 * 1024 * 1024;

    private readonly TimeProvider _time;
    private readonly WebApplication _smtp;
    private readonly LinkedList<(CaughtMail Mail, byte[] Bytes)> _mails = [];
    private long _bytes;
    private int _count;

    private Catcher(TimeProvider time)
    {
        _time = time;
        var receiver = new SmtpReceiver(
            new() { HostName = "catcher.localhost", ConnectionsPerClientMax = 1000 },
            (_, _, _) => new(ReceiverReply.Ok), (_, mail) => new(Keep(mail)), time);
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Run(receiver.OnConnectedAsync)));
        _smtp = builder.Build();
    }

    /// <summary>host:port it listens on.</summary>
    public string Address { get; private set; } = "";

    public static async Task<Catcher> Start(TimeProvider time)
    {
        var catcher = new Catcher(time);
        await catcher._smtp.StartAsync();
        catcher.Address = $"127.0.0.1:{new Uri(catcher._smtp.Urls.First()).Port}";
        return catcher;
    }

    public CaughtMail[] List()
    {
        lock (_mails) return [.. _mails.Reverse().Select(m => m.Mail)];
    }

    public byte[]? Find(int number)
    {
        lock (_mails) return _mails.FirstOrDefault(m => m.Mail.Number == number).Bytes;
    }

    public ValueTask DisposeAsync() => _smtp.DisposeAsync();

    private ReceiverReply Keep(ReceivedMail mail)
    {
        var bytes = mail.Bytes.ToArray();
        var subject = MailSubject.Of(bytes);
        lock (_mails)
        {
            var number = ++_count;
            _mails.AddLast(
                (new(number, mail.MailFrom, [.. mail.Recipients], subject, bytes.Length, _time.GetUtcNow()), bytes));
            _bytes += bytes.Length;
            while (_mails.Count > MailsMax || _bytes > BytesMax)
            {
                _bytes -= _mails.First!.Value.Bytes.Length;
                _mails.RemoveFirst();
            }
            return new(250, $"2.0.0 Caught as number {number}");
        }
    }
}

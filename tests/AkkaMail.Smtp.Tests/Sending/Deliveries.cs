using System.Net;
using AkkaMail.Core.Attempts;
using AkkaMail.Core.Mail;
using AkkaMail.Core.Shaping;
using AkkaMail.Smtp.Resolving;
using AkkaMail.Smtp.Sending;
using AkkaMail.Smtp.Tests.Resolving;

namespace AkkaMail.Smtp.Tests.Sending;

internal static class Deliveries
{
    public static SendingOptions Relay(int port) =>
        new() { EhloName = "me.test", Relay = new DnsEndPoint("127.0.0.1", port) };

    public static SmtpDelivery To(
        int port, StoredMail? mail, Func<SendingOptions, SendingOptions>? change = null, TimeProvider? time = null) =>
        new((change ?? (o => o))(Relay(port)), (_, _, _) => new(mail), null, time ?? TimeProvider.System);

    public static SmtpDelivery ByMx(
        IPEndPoint dns, int port, StoredMail mail, Func<SendingOptions, SendingOptions>? change = null) =>
        new((change ?? (o => o))(new() { EhloName = "me.test", Port = port }), (_, _, _) => new(mail),
            new MxResolver(new() { Servers = [dns], Guard = Dnsmasq.Guard }, TimeProvider.System, _ => 0), TimeProvider.System);

    public static Task<Attempt> Once(this SmtpDelivery delivery, int index = 0) =>
        delivery.DeliverAsync(Mails.Due(index), Mails.Way, default);

    public static Task<Attempt> Once(this SmtpDelivery delivery, Route way) =>
        delivery.DeliverAsync(Mails.Due(), way, default);
}

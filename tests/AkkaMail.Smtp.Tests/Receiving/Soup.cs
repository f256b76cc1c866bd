using System.Text;

namespace AkkaMail.Smtp.Tests.Receiving;

/// <summary>Random octets that have much to do with SMTP, or nothing.</summary>
internal sealed class Soup(int seed)
{
    private static readonly string[] Proper =
    [
        "EHLO x\r\n", "HELO x\r\n", "MAIL FROM:<a@b.test>\r\n", "RCPT TO:<c@d.test>\r\n", "DATA\r\n", "RSET\r\n",
        "EHLO x\r\nMAIL FROM:<a@b.test>\r\nRCPT TO:<c@d.test>\r\nDATA\r\n", "Subject: x\r\n\r\ntext\r\n.\r\n",
        ".\r\n", "..\r\n", "NOOP\r\n", "VRFY x\r\n", "STARTTLS\r\n", "AUTH PLAIN AAAA\r\n",
        "AUTH PLAIN AGEAYg==\r\n", "AUTH LOGIN\r\n", "AUTH PLAIN\r\n", "YQ==\r\n", "*\r\n", "=\r\n",
        "MAIL FROM:<> SIZE=9999999999999999999\r\n", "MAIL FROM:<\"a\\\"b>\"@[IPv6:::1]> BODY=8BITMIME SMTPUTF8\r\n",
        "RCPT TO:<@x,@y:a@b>\r\n", "MAIL FROM:<", ">", "<>\r\n", "\r\n", "\r\n.\r\n", " ", ":",
    ];

    private static readonly string[] Wild =
    [
        .. Proper, "BDAT 3 LAST\r\nabc", "\r", "\n", "\0", "\n.\n", "\r.\r", "\t", "\u00ff\u00fe", "\u0016\u0003\u0001",
    ];

    private readonly Random _random = new(seed);

    public byte[] Next()
    {
        var soup = new List<byte>();
        var pieces = Coin() ? Proper : Wild;
        for (var left = _random.Next(1, 60); left > 0; left--)
        {
            if (pieces == Wild && _random.Next(12) == 0)
            {
                var noise = new byte[_random.Next(1, _random.Next(2, 6000))];
                _random.NextBytes(noise);
                soup.AddRange(noise);
            }
            else if (_random.Next(25) == 0) soup.AddRange(Enumerable.Repeat((byte)'x', _random.Next(900, 5000)));
            else soup.AddRange(Encoding.Latin1.GetBytes(pieces[_random.Next(pieces.Length)]));
        }
        return [.. soup];
    }

    /// <summary>The same octets in pieces of any size.</summary>
    public IEnumerable<ReadOnlyMemory<byte>> Cut(byte[] soup)
    {
        var max = _random.Next(3) switch { 0 => 2, 1 => 50, _ => 3000 };
        for (var at = 0; at < soup.Length;)
        {
            var length = Math.Min(_random.Next(1, max + 1), soup.Length - at);
            yield return soup.AsMemory(at, length);
            at += length;
        }
    }

    public bool Coin() => _random.Next(2) == 0;
}

namespace AkkaMail.Smtp.Mime;

/// <summary>
/// A mail cut down to what any honest one has, before MIME is parsed: a thousand header lines or parts cost a parser
/// far more than their bytes. Lines of bodies stay as they are.
/// </summary>
internal ref struct MailBudget
{
    /// <summary>Lines in all headers together, of the mail, its parts and the mails within.</summary>
    private const int HeaderLinesMax = 1_500;

    /// <summary>Lines of one header.</summary>
    private const int HeaderLinesOfOneMax = 500;

    /// <summary>RFC 5322 §2.1.1 allows 998.</summary>
    private const int HeaderLineBytesMax = 2_000;

    /// <summary>Lines that can part a multipart; behind the last the mail ends.</summary>
    private const int BoundariesMax = 300;

    private readonly byte[] _kept;
    private int _length;
    private bool _isHeader = true;
    private bool _hasMailBelow;
    private int _headerLines;
    private int _ofThis;
    private int _boundaries;

    private MailBudget(int length) => _kept = new byte[length];

    public static ArraySegment<byte> Spend(ReadOnlySpan<byte> mail)
    {
        var budget = new MailBudget(mail.Length);
        while (!mail.IsEmpty)
        {
            var end = mail.IndexOf((byte)'\n') is >= 0 and var at ? at + 1 : mail.Length;
            if (!budget.Take(mail[..end])) break;
            mail = mail[end..];
        }
        return new(budget._kept, 0, budget._length);
    }

    private void Keep(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_kept.AsSpan(_length));
        _length += bytes.Length;
    }

    /// <summary>False when the mail ends here.</summary>
    private bool Take(ReadOnlySpan<byte> line)
    {
        var isBlank = line.TrimEnd("\r\n"u8).IsEmpty;
        if (line.StartsWith("--"u8))
        {
            if (++_boundaries > BoundariesMax) return false;
            (_isHeader, _hasMailBelow, _ofThis) = (true, false, 0);
        }
        else if (isBlank && _isHeader) (_isHeader, _hasMailBelow, _ofThis) = (_hasMailBelow, false, 0);
        else if (_isHeader) return TakeHeader(line);
        Keep(line);
        return true;
    }

    private bool TakeHeader(ReadOnlySpan<byte> line)
    {
        // The header of a mail within stands right behind the one that announces it.
        _hasMailBelow |= line.IndexOf("message/rfc822"u8) >= 0 || line.IndexOf("essage/RFC822"u8) >= 0
            || line.IndexOf("message/global"u8) >= 0;
        if (++_headerLines > HeaderLinesMax || ++_ofThis > HeaderLinesOfOneMax) return true;
        Keep(line[..Math.Min(line.Length, HeaderLineBytesMax)]);
        if (line.Length > HeaderLineBytesMax) Keep("\n"u8);
        return true;
    }
}

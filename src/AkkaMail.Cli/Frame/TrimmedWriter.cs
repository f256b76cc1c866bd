using System.Text;

namespace AkkaMail.Cli.Frame;

/// <summary>Lines without blanks at their ends: a table fills its last column, which a file has no use for.</summary>
internal sealed class TrimmedWriter(TextWriter inner) : TextWriter
{
    /// <summary>Blanks that are written as soon as something follows them on their line.</summary>
    private int _blanks;

    public override Encoding Encoding => inner.Encoding;

    public override void Write(char value) => Write([value]);

    public override void Write(string? value) => Write(value.AsSpan());

    public override void Write(char[] buffer, int index, int count) => Write(buffer.AsSpan(index, count));

    public override void Write(ReadOnlySpan<char> buffer)
    {
        var kept = new StringBuilder(buffer.Length);
        foreach (var c in buffer)
        {
            if (c == ' ') _blanks++;
            else
            {
                if (c is not ('\r' or '\n')) kept.Append(' ', _blanks);
                _blanks = 0;
                kept.Append(c);
            }
        }
        inner.Write(kept);
    }

    public override void Flush() => inner.Flush();
}

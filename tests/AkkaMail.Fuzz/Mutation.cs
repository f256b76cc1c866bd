using System.Text;

namespace AkkaMail.Fuzz;

/// <summary>A sample, changed by chance: octets, words of its kind, pieces moved, doubled, left out, or many times over.</summary>
internal sealed class Mutation
{
    /// <summary>Octets; readers have bounds of their own, and time is for many runs.</summary>
    private const int OctetsMax = 2_000_000;

    private readonly Random _random;
    private readonly Reader _reader;
    private readonly List<byte> _octets;

    public Mutation(int seed, Reader reader)
    {
        (_random, _reader) = (new(seed), reader);
        _octets = [.. Sample()];
        // One in eight is left as it is, so that what follows a good one is tried too.
        for (var left = _random.Next(8) == 0 ? 0 : _random.Next(1, 8); left > 0; left--) Change();
        if (_octets.Count > OctetsMax) _octets.RemoveRange(OctetsMax, _octets.Count - OctetsMax);
        Octets = [.. _octets];
    }

    public byte[] Octets { get; }

    private byte[] Sample() => _reader.Samples[_random.Next(_reader.Samples.Count)];

    private byte[] Word() => Encoding.Latin1.GetBytes(_reader.Words[_random.Next(_reader.Words.Length)]);

    private void Change()
    {
        var at = _random.Next(_octets.Count + 1);
        var length = Math.Min(_octets.Count - at, _random.Next(1, _random.Next(2, 400)));
        switch (_random.Next(10))
        {
            case 0 or 1:
                for (var i = _random.Next(1, 12); i > 0 && _octets.Count > 0; i--)
                    _octets[_random.Next(_octets.Count)] = (byte)_random.Next(256);
                break;
            case 2: _octets.RemoveRange(at, length); break;
            case 3: _octets.InsertRange(at, _octets.GetRange(Math.Min(at, _octets.Count - length), length)); break;
            case 4:
                var other = Sample();
                var from = _random.Next(other.Length + 1);
                _octets.InsertRange(at, other.AsSpan(from, Math.Min(other.Length - from, 2_000)));
                break;
            case 5: _octets.RemoveRange(at, _octets.Count - at); break;
            case 6: Many(at, _octets.GetRange(at, Math.Min(length, 40)).ToArray()); break;
            case 7: Many(at, Word()); break;
            default: _octets.InsertRange(at, Word()); break;
        }
    }

    /// <summary>What costs the square of its number is seen only when there are many.</summary>
    private void Many(int at, byte[] piece)
    {
        if (piece.Length == 0 || _octets.Count > OctetsMax) return;
        var count = Math.Min(1 << _random.Next(1, 18), OctetsMax / piece.Length);
        var many = new byte[count * piece.Length];
        for (var i = 0; i < count; i++) piece.CopyTo(many, i * piece.Length);
        _octets.InsertRange(at, many);
    }
}

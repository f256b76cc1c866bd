using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using AkkaMail.Smtp.Signing;
using CsCheck;

namespace AkkaMail.Smtp.Tests.Signing;

public sealed partial class RelaxedBodyTests
{
    private static readonly string[] Pieces = ["a", "bc", ".", " ", "\t", "  ", "\r\n", "\r\n\r\n", "ü"];

    private static readonly Gen<string> Body =
        Gen.OneOf([.. Pieces.Select(Gen.Const)]).Array[0, 40].Select(string.Concat);

    [Fact]
    public void In_pieces_of_any_size_it_hashes_as_the_rfc_rewrites_it() =>
        Gen.Select(Body, Gen.Int[1, 7]).Sample((body, size) =>
        {
            using var relaxed = new RelaxedBody();
            foreach (var piece in Encoding.UTF8.GetBytes(body).Chunk(size)) relaxed.Append(piece);

            Assert.Equal(SHA256.HashData(Encoding.UTF8.GetBytes(Rewritten(body))), relaxed.Digest());
        }, iter: 5000);

    /// <summary>RFC 6376 §3.4.4 word for word: lines first, then the end.</summary>
    private static string Rewritten(string body)
    {
        body = Space().Replace(body, " ").Replace(" \r\n", "\r\n", StringComparison.Ordinal).TrimEnd(' ');
        body = body.TrimEnd('\r', '\n');
        return body.Length == 0 ? "" : body + "\r\n";
    }

    [GeneratedRegex("[ \t]+")]
    private static partial Regex Space();
}

using System.Security.Cryptography;

namespace AkkaMail.Server.Data;

/// <summary>
/// What was settled when the directory was made. <paramref name="AddressKey"/> keys the hashes of addresses.
/// </summary>
public sealed record Installation(int Ledgers, byte[] AddressKey, byte[]? AdminKeyHash)
{
    /// <summary>Of what lies in the directory. Nothing has been released: another number is refused, not read.</summary>
    public const int CurrentData = 1;

    /// <summary>What was there when it had started; null: it never has.</summary>
    public IReadOnlyList<string>? Files { get; init; }

    /// <summary>Files whose loss was accepted, oldest first.</summary>
    public IReadOnlyList<string>? Losses { get; init; }

    /// <summary>Of the databases when <see cref="DataDirectory.NoteRound"/> came last.</summary>
    public long Round { get; init; }

    /// <summary>
    /// Stands in the head of a database, so that another file, or one of another installation, is told at the start. From
    /// the installation's key, which no other has; never zero, which is a file that nobody has marked.
    /// </summary>
    public int NumberOf(string file) =>
        BitConverter.ToInt32(HMACSHA256.HashData(AddressKey, System.Text.Encoding.UTF8.GetBytes(file))) | 1;

    /// <summary>Below zero: written before there was a number.</summary>
    public int DataVersion { get; init; } = -1;
}

/// <summary>Why the server does not start, in an operator's words.</summary>
public sealed class StartException(string message) : Exception(message);

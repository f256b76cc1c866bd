using System.Security.Cryptography;
using System.Text;
using AkkaMail.Core.Ids;

namespace AkkaMail.Core.Domains;

/// <summary>Where a key is in its life. It only ever moves forward.</summary>
public enum KeyState
{
    /// <summary>Its record is to be published; nothing is signed with it.</summary>
    [Word("pending")] Pending,

    /// <summary>Signs what is accepted now.</summary>
    [Word("active")] Active,

    /// <summary>Signs only what was accepted before it was followed; its record must stay.</summary>
    [Word("retiring")] Retiring,

    /// <summary>No mail signed with it can be on its way any more: its record may go.</summary>
    [Word("retired")] Retired,
}

/// <summary>
/// A signing key of a domain, without its secret. A selector is never used again: receivers keep what it once said.
/// </summary>
/// <param name="PublicPart">The <c>p=</c> of its record.</param>
/// <param name="SeenAt">When its record was first seen in DNS.</param>
/// <param name="ActiveFrom">Mail accepted from then on is signed with it.</param>
/// <param name="ActiveUntil">Mail accepted from then on is signed with the next key.</param>
/// <param name="RetiresAt">Until then a receiver may ask for its record.</param>
public sealed record DomainKey(
    string Selector, DkimAlgorithm Algorithm, string PublicPart, KeyState State = KeyState.Pending,
    DateTimeOffset? SeenAt = null, DateTimeOffset? ActiveFrom = null, DateTimeOffset? ActiveUntil = null,
    DateTimeOffset? RetiresAt = null)
{
    /// <summary>
    /// Under what its secret is kept: by the public part, so that a key which was made twice is two, whatever selector
    /// each is given.
    /// </summary>
    public string SecretName => SecretNameOf(PublicPart);

    public static string SecretNameOf(string publicPart) =>
        "dkim/" + Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(publicPart)));

    /// <summary>RFC 6376 §3.6.1; v= is first, and k= is named since not everybody knows its default.</summary>
    public string RecordValue =>
        $"v=DKIM1; k={(Algorithm == DkimAlgorithm.RsaSha256 ? "rsa" : "ed25519")}; p={PublicPart}";

    /// <summary>
    /// By the time of acceptance and not by now: a retry after a rotation is signed as the first try was.
    /// </summary>
    public bool SignsAt(DateTimeOffset acceptedAt) =>
        State is KeyState.Active or KeyState.Retiring
        && ActiveFrom <= acceptedAt && (ActiveUntil is null || acceptedAt < ActiveUntil);
}
